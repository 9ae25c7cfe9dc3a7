import { open } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import type { Carrier } from '../../../../activities/ingest/rows/layout.ts';
import {
  createParquetFile,
  finishParquet,
  RowGroupEncoder,
  writeRowGroup,
} from '../../../../activities/ingest/rows/parquet-file.ts';
import { RowBuilder } from '../../../../activities/ingest/rows/row-builder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { column, put, readFile, writeFile, type Cell } from './row-file.ts';

const pad = (number: number, length: number): string => String(number).padStart(length, '0');
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '')),
  fc.constantFrom('', ' ', '\ufeff', '\ufeffa', 'NULL', '"', '\r\n', '\u{10ffff}', 'PAR1'),
  fc.string({ minLength: 250, maxLength: 260, unit: fc.constantFrom('a', 'b') }),
);
const day = fc
  .integer({ min: -719_162, max: 2_932_896 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10).padStart(10, '0'));
const wholeNumber = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -70_000n, max: 70_000n }),
);

/** For each carrier: values as DuckDB writes them. */
const KINDS: readonly { readonly carrier: Carrier; readonly value: fc.Arbitrary<string> }[] = [
  { carrier: { kind: 'text' }, value: text },
  { carrier: { kind: 'integer' }, value: wholeNumber.map(String) },
  {
    carrier: { kind: 'decimal', precision: 18, scale: 3 },
    value: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map((n) => {
      const digits = String(n < 0n ? -n : n).padStart(4, '0');
      return `${n < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
    }),
  },
  { carrier: { kind: 'boolean' }, value: fc.constantFrom('true', 'false') },
  { carrier: { kind: 'date' }, value: day },
  {
    carrier: { kind: 'timestamp' },
    value: fc
      .tuple(day, fc.integer({ min: 0, max: 86_399 }), fc.integer({ min: 0, max: 999_999 }))
      .map(([date, second, micro]) => {
        const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map((part) =>
          pad(part, 2),
        );
        return `${date} ${clock.join(':')}${micro === 0 ? '' : `.${pad(micro, 6).replace(/0+$/, '')}`}`;
      }),
  },
];

/** How the cells of a column follow on one another; each is a way through another encoding. */
const columnOf = (rows: number): fc.Arbitrary<{ carrier: Carrier; cells: Cell[] }> =>
  fc.constantFrom(...KINDS).chain(({ carrier, value }) =>
    fc
      .oneof(
        fc.array(fc.option(value, { nil: null, freq: 4 }), { minLength: rows, maxLength: rows }),
        fc.array(value, { minLength: rows, maxLength: rows }),
        fc.constant(Array<Cell>(rows).fill(null)),
        // Few values, in runs.
        fc
          .tuple(
            fc.array(fc.option(value, { nil: null }), { minLength: 1, maxLength: 5 }),
            fc.integer({ min: 1, max: 40 }),
          )
          .map(([few, run]) => Array.from({ length: rows }, (_, row) => few[Math.floor(row / run) % few.length]!)),
      )
      .map((cells) => ({ carrier, cells })),
  );

const table = fc.integer({ min: 0, max: 300 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.array(columnOf(rows), { minLength: 1, maxLength: 6 }),
    groups: fc.integer({ min: 1, max: 5 }),
    pageBytes: fc.constantFrom(1 << 20, 30, 200),
  }),
);

test('DuckDB reads any table as it was built, cell by cell', { timeout: 60_000 }, async () => {
  await withSession(undefined, async (session) => {
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, columns, groups, pageBytes }) => {
        const builder = new RowBuilder(
          columns.map(({ carrier }, index) => column(`c${index}`, carrier)),
          [],
        );
        const perGroup = Math.ceil(rows / groups);
        const fill = (group: number): void => {
          for (let row = group * perGroup; row < Math.min(rows, (group + 1) * perGroup); row += 1) {
            columns.forEach(({ cells }, position) => put(builder, position, cells[row]!));
            builder.endRow();
          }
        };
        const path = await writeFile(await temporaryFolder(), builder, groups, fill, new RowGroupEncoder(pageBytes));
        const cells = Array.from({ length: rows }, (_, row) => columns.map((one) => one.cells[row]!));
        expect(await readFile(session, path)).toEqual(cells);
      }),
      { numRuns: 40 },
    );
  });
});

test(
  'many rows: dictionaries that are given up, deltas, several pages, all bit widths',
  { timeout: 60_000 },
  async () => {
    const rows = 80_000;
    /** For each column, the cell of a row. `null` every now and then in every second of them. */
    const columns: readonly { readonly carrier: Carrier; readonly cell: (row: number) => string }[] = [
      { carrier: { kind: 'text' }, cell: (row) => `comment number ${row * 7919} of some length` },
      { carrier: { kind: 'text' }, cell: (row) => `word ${(row * row) % 300}` },
      { carrier: { kind: 'text' }, cell: (row) => (row < 5000 ? 'same' : `later ${row % 80_000}`) },
      { carrier: { kind: 'text' }, cell: (row) => (row === 3000 ? 'x'.repeat(256) : `y${row % 9}`) },
      { carrier: { kind: 'text' }, cell: (row) => (row % 50 === 0 ? 'x'.repeat(254 + (row % 7)) : `z${row}`) },
      ...[0, 1, 2, 3, 5, 7, 8, 9, 11, 13, 15, 16, 17, 20, 24, 25, 29, 31].map((bits) => ({
        carrier: { kind: 'integer' as const },
        cell: (row: number) => String(-5 + ((Math.imul(row, 0x9e3779b1) >>> 1) % 2 ** bits)),
      })),
      { carrier: { kind: 'integer' }, cell: (row) => String(9_007_199_254_740_000 + row) },
      { carrier: { kind: 'integer' }, cell: (row) => String(2 ** 52 - 1 - row) },
      { carrier: { kind: 'integer' }, cell: (row) => String(row * 1000) },
      { carrier: { kind: 'integer' }, cell: (row) => String(row % 2 === 0 ? -1_073_741_824 : 1_073_741_823) },
      {
        carrier: { kind: 'decimal', precision: 18, scale: 2 },
        cell: (row) => `-${row % 500}.${pad((row % 99) + 1, 2)}`,
      },
      { carrier: { kind: 'boolean' }, cell: (row) => String(row % 3 === 0) },
      { carrier: { kind: 'date' }, cell: (row) => `${1000 + (row % 8999)}-0${1 + (row % 9)}-1${row % 10}` },
      { carrier: { kind: 'timestamp' }, cell: (row) => `2024-02-29 ${pad(row % 24, 2)}:${pad(row % 60, 2)}:01` },
    ];
    const cellOf = (row: number, position: number): Cell =>
      position % 2 === 1 && row % 13 === 5 ? null : columns[position]!.cell(row);
    const builder = new RowBuilder(
      columns.map(({ carrier }, index) => column(`c${index}`, carrier)),
      ['_file', '_line'],
    );
    builder.constant(columns.length, 'ventas de mañana.csv');
    const path = await writeFile(await temporaryFolder(), builder, 1, () => {
      for (let row = 0; row < rows; row += 1) {
        for (let position = 0; position < columns.length; position += 1) put(builder, position, cellOf(row, position));
        builder.integer(columns.length + 1, row + 1);
        builder.endRow();
      }
    });
    await withSession(undefined, async (session) => {
      for (let position = 0; position < columns.length; position += 1) {
        // One text a column: a hundred thousand rows would take a while to hand over.
        const [found] = await session.rows<{ joined: string }>(
          `SELECT string_agg(coalesce(c${position}::VARCHAR, '?'), '|' ORDER BY _line) AS joined FROM read_parquet(${literal(path)})`,
        );
        const cells = found?.joined.split('|') ?? [];
        const wrong = cells.findIndex((cell, row) => cell !== (cellOf(row, position) ?? '?'));
        expect({ position, rows: cells.length, wrong }).toEqual({ position, rows, wrong: -1 });
      }
      const used = await session.rows<{ encodings: string }>(
        `SELECT DISTINCT encodings FROM parquet_metadata(${literal(path)}) ORDER BY 1`,
      );
      expect(used.map(({ encodings }) => encodings)).toEqual([
        'RLE, DELTA_BINARY_PACKED',
        'RLE, PLAIN',
        'RLE, PLAIN, RLE_DICTIONARY',
      ]);
      const [sum] = await session.rows(
        `SELECT count(*)::VARCHAR AS rows, min(_file) AS least, max(_file) AS most, sum(_line)::VARCHAR AS lines FROM read_parquet(${literal(path)})`,
      );
      expect(sum).toEqual({
        rows: String(rows),
        least: 'ventas de mañana.csv',
        most: 'ventas de mañana.csv',
        lines: String((rows * (rows + 1)) / 2),
      });
    });
  },
);

test('texts of a megabyte', async () => {
  const builder = new RowBuilder([column('t', { kind: 'text' })], []);
  const long = ['é'.repeat(500_000), 'x'.repeat(1 << 20), '', 'y'.repeat(3 << 20)];
  const path = await writeFile(await temporaryFolder(), builder, 3, () => {
    for (const value of long) {
      put(builder, 0, value);
      builder.endRow();
    }
  });
  const rows = await withSession(undefined, (session) => readFile(session, path));
  expect(rows.flat().map((value) => long.indexOf(value ?? '?'))).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
});

test('what the footer says of least and greatest values is so: a filter finds every row', async () => {
  const builder = new RowBuilder([column('i', { kind: 'integer' }), column('d', { kind: 'date' })], []);
  const numbers = [
    -(2n ** 63n),
    -(2n ** 63n) + 1n,
    -(2n ** 53n) - 1n,
    -(2n ** 53n),
    -(2n ** 32n),
    -1n,
    0n,
    1n,
    2n ** 31n,
  ];
  const integers = [...numbers, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 2n, 2n ** 63n - 1n];
  const dates = integers.map((_, index) => (index % 3 === 0 ? null : `${pad(index * 700 + 1, 4)}-01-01`));
  const path = await writeFile(await temporaryFolder(), builder, integers.length - 1, (group) => {
    // Each row group overlaps the next; within it the greater comes first.
    for (const index of [group + 1, group]) {
      put(builder, 0, String(integers[index]));
      put(builder, 1, dates[index]!);
      builder.endRow();
    }
  });
  await withSession(undefined, async (session) => {
    for (const [index, integer] of integers.entries()) {
      const times = index === 0 || index === integers.length - 1 ? 1 : 2;
      expect(await session.count(`SELECT count(*) FROM read_parquet(${literal(path)}) WHERE i = ${integer}`)).toBe(
        times,
      );
      const date = dates[index];
      if (!date) continue;
      expect(await session.count(`SELECT count(*) FROM read_parquet(${literal(path)}) WHERE d = DATE '${date}'`)).toBe(
        times,
      );
    }
    const [{ least, most } = { least: '', most: '' }] = await session.rows<{ least: string; most: string }>(
      `SELECT min(stats_min_value::BIGINT)::VARCHAR AS least, max(stats_max_value::BIGINT)::VARCHAR AS most
       FROM parquet_metadata(${literal(path)}) WHERE path_in_schema = 'i'`,
    );
    expect([least, most]).toEqual([String(integers[0]), String(integers.at(-1))]);
  });
});

test('row groups are read in the order they are given, wherever they stand; gaps do no harm', async () => {
  const path = `${await temporaryFolder()}/rows.parquet`;
  const { fd, offset } = createParquetFile(path);
  const encoder = new RowGroupEncoder();
  const builder = new RowBuilder([column('i', { kind: 'integer' })], []);
  const groups = [3, 1, 2].map((first) => {
    for (let i = 0; i < 2; i += 1) {
      put(builder, 0, String(first * 10 + i));
      builder.endRow();
    }
    const group = writeRowGroup(fd, offset, encoder.encode(builder));
    builder.clear();
    Atomics.add(offset, 0, 100n);
    return group;
  });
  const none = writeRowGroup(fd, offset, encoder.encode(builder));
  const sent = structuredClone([groups[1]!, none, groups[2]!, groups[0]!]);
  const { rows, bytes } = await finishParquet(fd, builder.buffers, sent);
  const file = await open(path);
  const { size } = await file.stat();
  await file.close();
  expect({ rows, bytes }).toEqual({ rows: 6, bytes: size });
  const read = await withSession(undefined, (session) => readFile(session, path));
  expect(read.flat()).toEqual(['10', '11', '20', '21', '30', '31']);
});

test('a file without rows has its columns', async () => {
  const path = await writeFile(
    await temporaryFolder(),
    new RowBuilder(
      KINDS.map(({ carrier }) => column(carrier.kind, carrier)),
      ['_file', '_line'],
    ),
    0,
    () => undefined,
  );
  const types = await withSession(undefined, (session) =>
    session.rows<{ column_name: string; column_type: string }>(`DESCRIBE FROM read_parquet(${literal(path)})`),
  );
  expect(types.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
    ['text', 'VARCHAR'],
    ['integer', 'BIGINT'],
    ['decimal', 'DECIMAL(18,3)'],
    ['boolean', 'BOOLEAN'],
    ['date', 'DATE'],
    ['timestamp', 'TIMESTAMP'],
    ['_file', 'VARCHAR'],
    ['_line', 'BIGINT'],
  ]);
});

test('an existing file is not overwritten', async () => {
  const path = `${await temporaryFolder()}/rows.parquet`;
  await finishParquet(createParquetFile(path).fd, [], []);
  expect(() => createParquetFile(path)).toThrow('EEXIST');
});
