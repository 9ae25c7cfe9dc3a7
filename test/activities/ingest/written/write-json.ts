import fc from 'fast-check';
import type { Rows, WrittenFile } from './written-file.ts';

export const jsonStyle = fc.record({
  kind: fc.constantFrom('json' as const, 'jsonl' as const),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom(0, 2),
  /** Path at which the list stands; only of documents. */
  wrapped: fc.constantFrom('', 'data.items'),
  /** A NULL is left out instead of being written. */
  sparse: fc.boolean(),
  /** Texts that are JSON numbers and booleans are written as such. */
  bare: fc.boolean(),
  mark: fc.boolean(),
});
export type JsonStyle = typeof jsonStyle extends fc.Arbitrary<infer Value> ? Value : never;

const BARE = /^(true|false|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)$/;

/** Writes a table as JSON or JSON Lines, with `JSON.stringify` for every text. */
export function writeJson(style: JsonStyle, names: readonly string[], rows: Rows): WrittenFile {
  const { kind, lineEnd, indent, wrapped, bare, mark } = style;
  // Of a column without any value nothing would be left.
  const empty = names.map((_, index) => rows.every((row) => row[index] === null));
  const records = rows.map((row, number) => {
    const members = row.flatMap((cell, index) => {
      if (cell === null && style.sparse && !empty[index]) return [];
      const value = cell !== null && bare && BARE.test(cell) ? cell : JSON.stringify(cell);
      return [`${JSON.stringify(names[index])}:${value}`];
    });
    return indent > 0 && kind === 'json' && number % 2 === 0
      ? `{\n${members.map((member) => `${' '.repeat(indent)}${member}`).join(`,${lineEnd}`)}\n}`
      : `{${members.join(',')}}`;
  });
  const list = `[${records.join(`,${lineEnd}`)}]`;
  const document = wrapped === '' ? list : `{"total":${rows.length},"data":{"items":${list}}}`;
  const text = kind === 'jsonl' ? records.map((record) => record + lineEnd).join('') : document;
  return {
    name: `in.${kind}`,
    bytes: Buffer.from((mark ? '\ufeff' : '') + text),
    source: kind === 'json' && wrapped !== '' ? { records: wrapped } : {},
    fields: names,
    rows,
  };
}
