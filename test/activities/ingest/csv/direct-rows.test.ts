import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CsvFormat } from '../../../../activities/ingest/csv/csv-format.ts';
import { CsvParser } from '../../../../activities/ingest/csv/csv-parser.ts';
import type { Carrier, RowColumn, RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { TEXT } from '../../../../activities/ingest/rows/column-buffer.ts';
import type { RowBuilder } from '../../../../activities/ingest/rows/row-builder.ts';
import { WindowOutput } from '../../../../activities/ingest/rows/window-output.ts';
import { csv, windowsOf } from './read-csv.ts';

const carriers: fc.Arbitrary<Carrier> = fc.constantFrom<Carrier>(
  { kind: 'text' },
  { kind: 'text' },
  { kind: 'text' },
  { kind: 'integer' },
  { kind: 'decimal', precision: 5, scale: 2 },
  { kind: 'decimal', precision: 18, scale: 6 },
  { kind: 'boolean' },
  { kind: 'date' },
  { kind: 'timestamp' },
);

/** Values that fit one carrier or another, and some that are near it. */
const value = fc.oneof(
  fc.constantFrom('', '', ' ', '""', '"a"', '"1"', '"a,b"', '"a""b"', '"a\nb"', 'a"b', '"a"b', '"', 'é', '#'),
  fc.constantFrom(
    '0',
    '-0',
    '00',
    '007',
    '1',
    '-1',
    '+1',
    '1.',
    '.5',
    '0.5',
    '1.50',
    '-0.01',
    '-0.00',
    '123.45',
    '1e5',
  ),
  fc.constantFrom(
    '999999999',
    '1000000000',
    '2147483648',
    '9223372036854775807',
    '9223372036854775808',
    '12345.678901',
  ),
  fc.constantFrom(
    'true',
    'false',
    'TRUE',
    '2024-02-29',
    '2023-02-29',
    '2024-1-1',
    '2024-02-29 10:00',
    '2024-02-29T10:00:00.5',
  ),
  fc.integer().map(String),
  fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.stringMatching(/^[0-9]{1,3}$/))
    .map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom('"2024-02-29"', '"12"', '" "', '"1.5"', '"true"'),
);

const lines = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.array(value, { minLength: 3, maxLength: 3 }).map((cells) => cells.join(',')) },
    { weight: 4, arbitrary: fc.constantFrom('1,2,3', '12,345,6', '"1",2,3') },
    { weight: 1, arbitrary: fc.constantFrom('', '#note', '#1,2,3', 'x', ',,,', '1,2,3,4') },
  ),
  { maxLength: 12 },
);

const column = fc.record({
  carrier: carriers,
  required: fc.boolean(),
  onMisfit: fc.constantFrom<RowColumn['onMisfit']>('suspect', 'suspect', 'widen'),
});

const layouts: fc.Arbitrary<RowLayout> = fc
  .tuple(fc.tuple(column, column, column), fc.constantFrom(['a', 'b', 'c'], ['c', 'a', 'missing'], ['b', 'c', 'a']))
  .map(([columns, fields]) => ({
    tables: [
      { name: 't', path: '', columns: columns.map((one, i) => ({ ...one, name: `c${i}`, field: fields[i] ?? '' })) },
    ],
    key: [],
    asJson: [],
    leftOut: ['a', 'b', 'c'].filter((name) => !fields.some((field) => field === name)),
  }));

/** All cells by column: the texts of texts, the words of all else. A dictionary may hold more than is used. */
function cellsOf({ buffers, rows }: RowBuilder): unknown[][] {
  return buffers.map((buffer) =>
    Array.from({ length: rows }, (_, row) => {
      if (buffer.valid[row] === 0) return null;
      if (buffer.kind !== TEXT) return Array.from(buffer.words.subarray(row * buffer.width, (row + 1) * buffer.width));
      const word = buffer.words[row]!;
      const { dictionary } = buffer;
      const plain = Buffer.from(buffer.coded && dictionary ? dictionary.plain : buffer.plain);
      const at = buffer.coded && dictionary ? dictionary.starts[word]! : word;
      return plain.subarray(at + 4, at + 4 + plain.readInt32LE(at)).toString('utf8');
    }),
  );
}

/** Everything that a parser makes of some bytes, and what was learnt. */
function parse(
  bytes: Buffer,
  format: CsvFormat,
  layout: RowLayout,
  quick: boolean,
  windowBytes: number,
  crumb = 1000,
): unknown {
  const output = new WindowOutput(layout, 'file');
  const parser = new CsvParser(format, { output, layout, name: 'file', sample: false });
  if (!quick) parser.quick = () => 0;
  const counted = windowsOf(bytes, format, { windowBytes }).map((window) =>
    parser.parse(window, {
      path: '',
      each: (consume) => {
        let size = crumb;
        for (let at = window.start; at < window.end;) {
          const to = Math.min(window.end, at + size);
          const taken = consume(Uint8Array.from(bytes.subarray(at, to)), at, to === window.end);
          size = taken === 0 ? size * 2 : crumb;
          at += taken;
        }
      },
    }),
  );
  const [{ good, suspect }] = output.tables;
  return {
    counted,
    good: cellsOf(good),
    suspect: cellsOf(suspect),
    records: output.records,
    broken: output.brokenRecords,
    learnt: output.learnt(),
  };
}

test('the quick way puts what the tokenizer would put, and nothing else', () => {
  fc.assert(
    fc.property(
      lines,
      fc.constantFrom('\n', '\r\n', '\r'),
      layouts,
      fc.record({ quote: fc.constantFrom('"', ''), comment: fc.constantFrom('', '#'), header: fc.boolean() }),
      fc.constantFrom(1, 30, 10_000),
      fc.constantFrom(1, 5, 17, 1000),
      (rows, lineEnd, layout, more, windowBytes, crumb) => {
        const bytes = Buffer.from(rows.join(lineEnd), 'utf8');
        const format = csv(['a', 'b', 'c'], more);
        const slow = parse(bytes, format, layout, false, windowBytes);
        expect(parse(bytes, format, layout, true, windowBytes, crumb)).toEqual(slow);
      },
    ),
    { numRuns: 800 },
  );
});

test('it is taken: of plain records none reaches the tokenizer', () => {
  const layout: RowLayout = {
    tables: [
      {
        name: 't',
        path: '',
        columns: [{ name: 'a', field: 'a', carrier: { kind: 'integer' }, required: true, onMisfit: 'suspect' }],
      },
    ],
    key: [],
    asJson: [],
    leftOut: [],
  };
  const output = new WindowOutput(layout, 'file');
  const parser = new CsvParser(csv(['a'], { header: false }), { output, layout, name: 'file', sample: false });
  parser.good = () => expect.unreachable();
  const bytes = Uint8Array.from(Buffer.from('1\r\n"2"\r\n-3\r\n12345678901\r\n'));
  const window = { index: 0, start: 0, end: bytes.length, line: 1, record: 1, records: 4, fields: 4 };
  parser.parse(window, { path: '', each: (consume) => void consume(bytes, 0, true) });
  expect(output.tables[0].good.rows).toBe(4);
});
