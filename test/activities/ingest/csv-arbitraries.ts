import fc from 'fast-check';
import type { CsvDialect } from '../../../workflows/definition/index.ts';

export type Cell = string | null;

/** A table and the way in which a conforming program writes it. */
export interface WrittenTable {
  readonly dialect: CsvDialect;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly bytes: Buffer;
}

const AWKWARD = Array.from('ab01,;|\t"\'\n\r \u0001ABCD#-.é€😀\ufeff\u2028\u0085\u00a0\\NULL');

const cell: fc.Arbitrary<Cell> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom<Cell>(null, '', ' ', '#', 'NULL', 'null', '""', '\r\n', '\u0001', '\u0001A', '\\N'),
  },
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 12 }) },
  // Any text but NUL, which is never good in a record.
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')) },
);

/** Any table of texts and NULLs, with quotes where they are needed and here and there where they are not. */
export function writtenTable(maxRows: number): fc.Arbitrary<WrittenTable> {
  return fc
    .record({
      width: fc.integer({ min: 1, max: 5 }),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      quote: fc.constantFrom('"' as const, "'" as const),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      lastLineEnd: fc.boolean(),
      mark: fc.boolean(),
      needless: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
    })
    .chain((style) =>
      fc
        .array(fc.array(cell, { minLength: style.width, maxLength: style.width }), { maxLength: maxRows })
        .map((rows) => write(style, rows)),
    );
}

interface Style {
  readonly width: number;
  readonly delimiter: string;
  readonly quote: '"' | "'";
  readonly lineEnd: string;
  readonly lastLineEnd: boolean;
  readonly mark: boolean;
  readonly needless: readonly boolean[];
}

function write(style: Style, rows: readonly (readonly Cell[])[]): WrittenTable {
  const { delimiter, quote, lineEnd, needless } = style;
  let turn = 0;
  const spell = (value: Cell): string => {
    if (value === null) return '';
    const special = value === '' || [delimiter, quote, '\n', '\r'].some((mark) => value.includes(mark));
    if (!special && !needless[turn++ % needless.length]) return value;
    return quote + value.replaceAll(quote, quote + quote) + quote;
  };
  const header = Array.from({ length: style.width }, (_, index) => `c${index}`);
  const lines = [header, ...rows].map((row) => row.map(spell).join(delimiter));
  // A one-column NULL is an empty line: without its line end it is nothing at all.
  const open = !style.lastLineEnd && lines.at(-1) !== '';
  const text = (style.mark ? '\ufeff' : '') + lines.join(lineEnd) + (open ? '' : lineEnd);
  return { dialect: { delimiter, quote }, header, rows, bytes: Buffer.from(text, 'utf8') };
}
