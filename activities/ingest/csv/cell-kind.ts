/** What a cell looks like. A look, not a type: it tells columns and headers apart, and decides nothing about values. */
export type CellKind = 'blank' | 'number' | 'date' | 'boolean' | 'code' | 'text';

const BLANKS = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', 'nil', '-', '--', '.', '?', '\\n', '#n/a']);
const BOOLEANS = new Set(['true', 'false', 'yes', 'no', 'sí', 'si', 't', 'f', 'y', 'n']);
const MONEY = '[$€£¥]';
const DIGITS = "(?:\\d{1,3}(?:[., '\u2019\u00a0\u202f]\\d{3})+|\\d+)?(?:[.,]\\d+)?(?:[eE][+-]?\\d+)?";
const NUMBER = new RegExp(`^\\(?[+-]?\\s?${MONEY}?\\s?[+-]?(?=[.,]?\\d)${DIGITS}\\s?(?:${MONEY}|%)?\\)?$`);
const DATE =
  /^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[ -]\p{L}{3,9}\.?[ -]\d{2,4}|\p{L}{3,9} \d{1,2}, \d{4}|\d{4}-\d{2})(?:[T ,]+\d{1,2}:\d{2}.*)?$/u;
const TIME = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]m)?$/i;
const CODE =
  /^(?:[^\s@,;|]+@[^\s@,;|]+\.[^\s@,;|]+|[a-z]{3,5}:\/\/\S+|[0-9a-f]{8}-[0-9a-f-]{27}|(?:\d{1,3}\.){3}\d{1,3})$/i;

export function cellKind(cell: string): CellKind {
  const text = cell.trim();
  if (text.length > 64) return /^[a-z]{3,5}:\/\/\S+$/i.test(text) ? 'code' : 'text';
  if (BLANKS.has(text.toLowerCase())) return 'blank';
  if (CODE.test(text)) return 'code';
  if (NUMBER.test(text)) return 'number';
  if (DATE.test(text) || TIME.test(text)) return 'date';
  return BOOLEANS.has(text.toLowerCase()) ? 'boolean' : 'text';
}

/**
 * The kind that a column's cells share, blanks apart; `text` where they do not, `blank` where there are none. One cell in
 * twenty may differ.
 */
export function columnKind(cells: readonly string[]): CellKind {
  const counts = new Map<CellKind, number>();
  let all = 0;
  for (const cell of cells) {
    const kind = cellKind(cell);
    if (kind === 'blank') continue;
    all += 1;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (all === 0) return 'blank';
  for (const [kind, count] of counts) if (count >= all * 0.95) return kind;
  return 'text';
}

/** `AB-123` and `XY-907` are both `AA-999`. Words and prose have none. */
export function codeShape(cell: string): string | undefined {
  if (cell.length > 40 || !/^[\p{L}\d_./:#-]*[\d_./:#-][\p{L}\d_./:#-]*$/u.test(cell)) return undefined;
  return cell
    .replaceAll(/\p{Lu}/gu, 'A')
    .replaceAll(/(?!A)\p{L}/gu, 'a')
    .replaceAll(/\d/g, '9');
}
