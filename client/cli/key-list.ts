/** Characters that the keys of one finding may take on a line. */
const WIDTH = 90;
const MOST = 5;

/**
 * Rows by their keys, each told apart from the next: `venta_id=9, venta_id=20, …`, and
 * `(venta_id=9, producto_id=11), (venta_id=20, producto_id=11), …` where several columns name a row.
 *
 * @param rows how many there are in all
 */
export function keyList(sample: readonly string[], rows: number): string {
  const shown: string[] = [];
  let length = 0;
  for (const key of sample.slice(0, MOST)) {
    const text = key.includes(', ') ? `(${key})` : key;
    length += text.length + 2;
    if (shown.length > 0 && length > WIDTH) break;
    shown.push(text);
  }
  return shown.length < rows && shown.length > 0 ? [...shown, '…'].join(', ') : shown.join(', ');
}

/** As many of the first five items as fit into `width` characters, at least one; `more` says how many were left out. */
export function fitting(
  items: readonly string[],
  separator: string,
  width: number,
  more: (left: number) => string = () => '…',
): string {
  let shown = 1;
  while (shown < Math.min(items.length, MOST) && items.slice(0, shown + 1).join(separator).length <= width) shown += 1;
  const left = items.length - shown;
  return [...items.slice(0, shown), ...(left > 0 ? [more(left)] : [])].join(separator);
}

const SENTENCE_WIDTH = 110;

/** A sentence that ends in a list of reasons, with as many of them as fit. Any other sentence stays whole. */
export function shortened(sentence: string): string {
  return fitting(sentence.split(/, (?=[\d,]+ × |…)/), ', ', SENTENCE_WIDTH);
}
