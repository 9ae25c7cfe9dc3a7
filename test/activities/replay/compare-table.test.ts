import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { compareTable, type TwoTables } from '../../../activities/replay/compare-table.ts';
import type { TableDifference } from '../../../workflows/difference.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Two tables out of queries; an absent one was not there. */
async function compare(
  then: string | undefined,
  now: string | undefined,
  rest: Partial<TwoTables> = {},
): Promise<TableDifference> {
  const folder = await temporaryFolder();
  return withSession(undefined, async (session) => {
    const put = async (query: string | undefined, name: string): Promise<string[]> => {
      if (query === undefined) return [];
      await session.run(`COPY (${query}) TO ${literal(join(folder, name))} (FORMAT parquet)`);
      return [join(folder, name)];
    };
    const sides = { then: await put(then, 'then.parquet'), now: await put(now, 'now.parquet') };
    return compareTable(session, { name: 't', key: ['id'], withoutPlace: false, examples: 20, ...sides, ...rest });
  });
}

const values = (columns: string, ...rows: readonly string[]) =>
  `SELECT * FROM (VALUES ${rows.map((row) => `(${row})`).join(', ')}) AS t(${columns})`;

test('rows by their key: added, removed, and which cells changed', async () => {
  const found = await compare(
    values('id, n, s', "1, 10, 'a'", "2, 20, 'b'", '3, 30, NULL', "4, 40, 'd'"),
    values('id, n, s', "1, 10, 'a'", "2, 21, 'c'", "3, 30, 'x'", "10, 50, 'e'", "9, 60, 'f'"),
  );
  expect(found).toMatchObject({ state: 'compared', key: ['id'], keyless: null, structure: 0 });
  expect(found).toMatchObject({ added: 2, removed: 1, changed: 2, unchanged: 1 });
  expect(found.columns).toEqual([
    { name: 'n', then: 'INTEGER', now: 'INTEGER', changed: 1 },
    { name: 's', then: 'VARCHAR', now: 'VARCHAR', changed: 2 },
  ]);
  expect(found.examples).toEqual({
    added: [
      { id: '9', n: '60', s: 'f' },
      { id: '10', n: '50', s: 'e' },
    ],
    removed: [{ id: '4', n: '40', s: 'd' }],
    changed: [
      { key: { id: '2' }, column: 'n', then: '20', now: '21' },
      { key: { id: '2' }, column: 's', then: 'b', now: 'c' },
      { key: { id: '3' }, column: 's', then: null, now: 'x' },
    ],
  });
});

test('examples are as many as asked, and their values are cut', async () => {
  const found = await compare(
    'SELECT range AS id, 1 AS n FROM range(100)',
    `SELECT range AS id, repeat('x', 5000) AS n FROM range(50)`,
    { examples: 3 },
  );
  expect(found).toMatchObject({ removed: 50, changed: 50, unchanged: 0 });
  expect(found.examples.removed.map(({ id }) => id)).toEqual(['50', '51', '52']);
  expect(found.examples.changed.map(({ now }) => now?.length)).toEqual([1_000, 1_000, 1_000]);
});

describe('types that changed', () => {
  const typed = (then: string, now: string) => compare(`SELECT 1 AS id, ${then} AS v`, `SELECT 1 AS id, ${now} AS v`);

  test.each([
    ['a whole number that became a decimal', '7::BIGINT', '7.00::DECIMAL(12,2)', 0],
    ['one whose digits differ', '7::BIGINT', '7.10::DECIMAL(12,2)', 1],
    ['a decimal with more digits', '0.50::DECIMAL(12,2)', '0.5000::DECIMAL(38,4)', 0],
    ['hundreds keep their zeros', '100::BIGINT', '1::DECIMAL(12,2)', 1],
    ['beyond what a double tells apart', '9007199254740993::BIGINT', '9007199254740992::DECIMAL(38,0)', 1],
    ['a code that became a number', "'007'", '7::BIGINT', 1],
    ['a number that became text', '7::BIGINT', "'7'", 0],
    ['a timestamp that became a day', "TIMESTAMP '2025-01-02 00:00:01'", "DATE '2025-01-02'", 1],
  ])('%s', async (_title, then, now, changed) => {
    const found = await typed(then, now);
    expect(found).toMatchObject({ changed, unchanged: 1 - changed, structure: 1 });
    expect(found.columns).toMatchObject([{ name: 'v', changed }]);
  });

  test('a key of another type still finds its row', async () => {
    const found = await compare(values('id, n', "'1', 5", "'2', 6"), values('id, n', '1, 5', '2, 7'));
    expect(found).toMatchObject({ added: 0, removed: 0, changed: 1, unchanged: 1, structure: 1 });
  });
});

test('columns that are new or gone are told, and make no row a changed one', async () => {
  const found = await compare(values('id, old, n', "1, 'x', 5"), values('id, n, fresh', '1, 5, true'));
  expect(found).toMatchObject({ changed: 0, unchanged: 1, structure: 2 });
  expect(found.columns).toEqual([
    { name: 'fresh', then: null, now: 'BOOLEAN', changed: 0 },
    { name: 'old', then: 'VARCHAR', now: null, changed: 0 },
  ]);
});

describe('where a key cannot serve, whole rows are compared, and each as often as it is there', () => {
  test.each([
    [
      'it repeats',
      values('id, n', '1, 5', '1, 5', '2, 6'),
      values('id, n', '1, 5', '2, 7'),
      /repeats or is empty in what there is then/,
    ],
    [
      'it is empty',
      values('id, n', '1, 5', '1, 5', '2, 6'),
      values('id, n', '1, 5', 'NULL, NULL', '2, 7'),
      /repeats or is empty/,
    ],
    [
      'one side lacks it',
      values('n, m', '5, 5', '5, 5', '6, 6'),
      values('id, n', '1, 5', '2, 7'),
      /\(id\) is not in both/,
    ],
  ])('%s', async (_title, then, now, why) => {
    const found = await compare(then, now);
    expect(found.key).toEqual([]);
    expect(found.keyless).toMatch(why);
    expect(found).toMatchObject({ changed: 0, removed: 2, unchanged: 1 });
  });

  test('NULLs are values like others', async () => {
    const found = await compare(values('a, b', '1, NULL', '1, NULL'), values('a, b', '1, NULL', 'NULL, 1'), {
      key: [],
    });
    expect(found).toMatchObject({ added: 1, removed: 1, unchanged: 1, keyless: null });
    expect(found.examples).toMatchObject({ added: [{ a: null, b: '1' }], removed: [{ a: '1', b: null }] });
  });

  test('tables without a column in common', async () => {
    const found = await compare(values('a', '1', '2'), values('b', '1'), { key: [] });
    expect(found).toMatchObject({ state: 'compared', added: 1, removed: 2, unchanged: 0, structure: 2 });
  });
});

test('a table that is new, or gone', async () => {
  const rows = values('id, n', '1, 5', '2, 6');
  expect(await compare(undefined, rows)).toMatchObject({ state: 'new', added: 2, removed: 0, structure: 1 });
  expect(await compare(rows, undefined)).toMatchObject({ state: 'gone', added: 0, removed: 2, structure: 1 });
});

test('where a row stood is no part of what is published', async () => {
  const at = (line: number) => `SELECT 1 AS id, 'f' AS _file, ${line} AS _line, 0 AS _offset, 9 AS _length`;
  expect(await compare(at(1), at(2), { withoutPlace: true })).toMatchObject({ changed: 0, unchanged: 1 });
  expect(await compare(at(1), at(2))).toMatchObject({ changed: 1 });
});

test('any two tables: the sums close, and are those of a plain comparison', async () => {
  const cell = fc.option(fc.constantFrom('', 'a', 'b', 'é'), { nil: null });
  const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12 }), cell, cell), {
    selector: ([id]) => id,
    maxLength: 8,
  });
  const text = (value: string | null) => (value === null ? 'NULL' : literal(value));
  const query = (all: readonly (readonly [number, string | null, string | null])[]) =>
    `${values('id, a, b', "-1, 'x', 'x'", ...all.map(([id, a, b]) => `${id}, ${text(a)}, ${text(b)}`))} WHERE id >= 0`;
  await fc.assert(
    fc.asyncProperty(rows, rows, async (then, now) => {
      const found = await compare(query(then), query(now));
      const before = new Map(then.map((row) => [row[0], JSON.stringify(row)]));
      const shared = now.filter(([id]) => before.has(id));
      const changed = shared.filter((row) => before.get(row[0]) !== JSON.stringify(row)).length;
      expect(found).toMatchObject({
        added: now.length - shared.length,
        removed: then.length - shared.length,
        changed,
        unchanged: shared.length - changed,
      });
      const whole = await compare(query(then), query(now), { key: [] });
      expect(whole.added).toBe(found.added + found.changed);
      expect(whole.removed).toBe(found.removed + found.changed);
    }),
    { numRuns: 25 },
  );
});
