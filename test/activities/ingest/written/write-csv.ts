import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { CsvDialect } from '../../../../workflows/definition/index.ts';
import { declaredEncoding, encodable, encode, WRITTEN_ENCODINGS } from './encoded.ts';
import type { Rows, WrittenFile } from './written-file.ts';

/** How a program writes delimited text. */
export const csvStyle = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"' as const, '"' as const, "'" as const),
  /** `needed`: an empty text cannot be told from NULL. `texts`, `all`: it can. */
  quoting: fc.constantFrom('needed', 'texts', 'numbers'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  lastLineEnd: fc.boolean(),
  header: fc.boolean(),
  encoding: fc.constantFrom(...WRITTEN_ENCODINGS),
});
export type CsvStyle = typeof csvStyle extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes a table as csv-stringify does. What it cannot tell apart in a style is as a reader must take it. */
export function writeCsv(style: CsvStyle, names: readonly string[], rows: Rows): WrittenFile {
  const { delimiter, quote, quoting, lineEnd, header, encoding } = style;
  const cells = rows.map((row) =>
    row.map((cell) => {
      const text = cell === null ? null : encodable(cell, encoding);
      return text === '' && quoting === 'needed' ? null : text;
    }),
  );
  const lines = [...(header ? [names] : []), ...cells];
  const text = stringify(
    lines.map((line) => [...line]),
    {
      ...{ delimiter, quote, escape: quote, record_delimiter: lineEnd, eof: style.lastLineEnd },
      quoted_string: quoting === 'texts',
      // A mark at the very beginning would be taken for the file's own.
      // csv-stringify does not quote every kind of line end in files of another kind.
      quoted_match: [/^\ufeff|[\r\n]/, ...(quoting === 'numbers' ? [/^$/, /^[0-9.-]+$/] : [])],
    },
  );
  // A NULL in a table of one column is an empty line: without a line end behind it, it is nothing at all.
  const open = names.length === 1 && cells.at(-1)?.[0] === null && !style.lastLineEnd;
  const dialect: CsvDialect = { delimiter, quote, header, comment: '' };
  return {
    name: delimiter === '\t' ? 'in.tsv' : 'in.csv',
    bytes: encode(open ? text + lineEnd : text, encoding),
    source: { dialect, ...declaredEncoding(encoding) },
    fields: header ? names : [],
    rows: cells,
  };
}
