import fc from 'fast-check';
import type { CsvFormat } from '../../../../activities/ingest/csv/csv-format.ts';

export type Cell = string | null;

/** A table and the way in which a conforming program writes it. */
export interface WrittenTable {
  readonly format: CsvFormat;
  readonly rows: readonly (readonly Cell[])[];
  /** 1-based line of each row. */
  readonly lines: readonly number[];
  readonly bytes: Buffer;
}

const AWKWARD = Array.from('ab01,;|\t"\'\n\r ABCD#-.é€😀\ufeff\u2028\u0085\u00a0\\NULL');

const cell: fc.Arbitrary<Cell> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom<Cell>(null, '', ' ', '#', 'NULL', '""', '\r\n', '\u0001', '\\N', '007', '1.50', '-0'),
  },
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 12 }) },
  // Any text but NUL, which is never good in a record.
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')) },
);

const style = fc.record({
  width: fc.integer({ min: 1, max: 5 }),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', '"', "'", ''),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  lastLineEnd: fc.boolean(),
  mark: fc.boolean(),
  header: fc.boolean(),
  comment: fc.constantFrom('', '#'),
  preamble: fc.constantFrom<readonly string[]>([], [], ['Report of "May', ''], ['a,b;c', '"', 'x']),
  /** Needless quotes, empty lines and comments: here and there. */
  turns: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
});

type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never;

/** Any table of texts and NULLs, with quotes where they are needed and here and there where they are not. */
export function writtenTable(maxRows: number): fc.Arbitrary<WrittenTable> {
  return style.chain((how) =>
    fc
      .array(fc.array(cell, { minLength: how.width, maxLength: how.width }), { maxLength: maxRows })
      .map((rows) => write(how, how.quote === '' ? rows.map((row) => row.map((value) => plain(how, value))) : rows)),
  );
}

/** What can be written without quotes: there an empty text cannot be told from NULL. */
function plain({ delimiter }: Style, value: Cell): Cell {
  return value?.replaceAll(delimiter, '').replace(/[\r\n#\ufeff]/g, '') || null;
}

function write(how: Style, rows: readonly (readonly Cell[])[]): WrittenTable {
  const { delimiter, quote, lineEnd, turns, width, comment } = how;
  let turn = 0;
  const next = (): boolean => turns[turn++ % turns.length] ?? false;
  const spell = (value: Cell): string => {
    if (value === null) return '';
    if (quote === '') return value;
    const special = /^$|^[#\ufeff]|[\r\n]/.test(value) || value.includes(delimiter) || value.includes(quote);
    return special || next() ? quote + value.replaceAll(quote, quote + quote) + quote : value;
  };
  const names = Array.from({ length: width }, (_, index) => `c${index}`);
  const parts: string[] = [];
  const lines: number[] = [];
  let line = 1 + how.preamble.length;
  const put = (text: string): void => {
    parts.push(text);
    line += text.split(/\r\n|\n|\r/).length;
  };
  const between = (): void => {
    if (comment !== '' && next()) put(`${comment} "note${delimiter}`);
    if (width > 1 && next()) put('');
  };
  if (how.header) put(names.map(spell).join(delimiter));
  for (const row of rows) {
    between();
    lines.push(line);
    put(row.map(spell).join(delimiter));
  }
  // A one-column NULL is an empty line: without its line end it is nothing at all.
  const open = !how.lastLineEnd && parts.at(-1) !== '';
  const head = (how.mark ? '\ufeff' : '') + how.preamble.map((text) => text + lineEnd).join('');
  const text = parts.join(lineEnd) + (open || parts.length === 0 ? '' : lineEnd);
  const start = how.preamble.length > 0 ? Buffer.byteLength(head) : 0;
  return {
    format: {
      kind: 'csv',
      delimiter,
      quote,
      start,
      startLine: 1 + how.preamble.length,
      header: how.header,
      comment,
      names,
    },
    rows,
    lines,
    bytes: Buffer.from(head + text, 'utf8'),
  };
}
