const DELIMITERS = [',', ';', '\t', '|'];

/**
 * The fields of some lines of delimited text, quoted with `"` as RFC 4180 has it. The delimiter is the one that stands most
 * often outside of quotes. Returns what is wrong, for people, where it cannot be read.
 */
export function csvFields(text: string): string[][] | string {
  const counts = DELIMITERS.map((delimiter) => unquotedCount(text, delimiter));
  const most = Math.max(...counts);
  if (most === 0) return 'it has no delimiter';
  return split(text.replace(/(?:\r\n|\r|\n)+$/, ''), DELIMITERS[counts.indexOf(most)]!);
}

function split(text: string, delimiter: string): string[][] | string {
  const rows: string[][] = [[]];
  for (let at = 0; ;) {
    const field = fieldAt(text, at, delimiter);
    if (typeof field === 'string') return field;
    rows.at(-1)!.push(field.value);
    const end = text.slice(field.end, field.end + 1);
    if (end === '') return rows;
    if (end !== delimiter) rows.push([]);
    at = field.end + (text.startsWith('\r\n', field.end) ? 2 : 1);
  }
}

function fieldAt(text: string, from: number, delimiter: string): { value: string; end: number } | string {
  if (text[from] !== '"') {
    let end = from;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
    const value = text.slice(from, end);
    return value.includes('"') ? 'a quote stands inside a field that is not quoted' : { value, end };
  }
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return 'a quote is open at its end';
    if (text[at + 1] === '"') continue;
    const value = text.slice(from + 1, at).replaceAll('""', '"');
    const isEnd = at + 1 === text.length || [delimiter, '\n', '\r'].includes(text[at + 1]!);
    return isEnd ? { value, end: at + 1 } : 'something stands behind a closing quote';
  }
}

function unquotedCount(text: string, delimiter: string): number {
  return text.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1;
}
