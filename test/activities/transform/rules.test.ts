import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { transformTables } from '../../../activities/transform/transform-tables.ts';
import type { ModelPlan } from '../../../workflows/definition/index.ts';
import type { StagedTable, TransformedTable } from '../../../workflows/stages.ts';
import { accountingOutcomes, guardOutcomes } from '../../../workflows/verdict.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const RUN = { pipeline: 'shop', environment: 'dev', workflowId: 'w', runId: 'r', rootRunId: 'r', startedAt: '' };

function model(name: string, more: Partial<ModelPlan> = {}): ModelPlan {
  const file = `pipelines/shop/models/${name}.sql`;
  return { name, file, sql: `SELECT * FROM source.${name}`, inputs: [`source.${name}`], key: ['id'], ...more };
}

function transform(folder: string, models: readonly ModelPlan[], sources: readonly StagedTable[]) {
  const request = { run: RUN, lake: `file://${folder}/lake`, asOf: '2025-01-31', models, sources };
  return transformTables(request, quietWork());
}

function read(uris: readonly string[], select = '*'): Promise<unknown[][]> {
  const files = uris.map((uri) => literal(fileURLToPath(uri))).join(', ');
  return withSession(undefined, async (session) =>
    (await session.rows(`SELECT ${select} FROM read_parquet([${files}]) ORDER BY ALL`)).map((row) =>
      Object.values(row),
    ),
  );
}

const ORDERS = `SELECT * FROM (VALUES
  (1, 'u1', 5, TIMESTAMPTZ '2025-01-01 10:00:00Z', 'a.csv', 2, 10),
  (2, 'u1', -5, TIMESTAMPTZ '2025-01-02 10:00:00Z', 'a.csv', 3, 20),
  (3, 'nobody', 5, TIMESTAMPTZ '2025-01-03 10:00:00Z', 'a.csv', 4, 30),
  (4, 'nobody', -5, TIMESTAMPTZ '2025-01-04 10:00:00Z', 'a.csv', 5, 40),
  (5, NULL, NULL, NULL, 'a.csv', 6, 50)) t(id, user_id, price, "at", _file, _line, _offset)`;

const RULES = [
  {
    name: 'unknown user',
    broken: `"orders"."user_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "users" AS other WHERE other."id" = "orders"."user_id")`,
  },
  { name: 'negative price', broken: 'NOT (price >= 0)' },
];

async function shop(more: Partial<ModelPlan> = {}) {
  const folder = await temporaryFolder();
  const sources = [await stage(folder, 'orders', ORDERS), await stage(folder, 'users', "SELECT 'u1' AS id")];
  const orders = model('orders', {
    ...{ inputs: ['source.orders', 'users'], onePer: 'orders', rules: RULES, failAbove: 0.5, ...more },
  });
  const count = model('n', { sql: 'SELECT count(*) AS id FROM orders', inputs: ['orders'] });
  const run = (): Promise<TransformedTable[]> => transform(folder, [model('users'), orders, count], sources);
  return { run, sources };
}

test('rows that break a rule go into quarantine, with the first reason and where they stood; what comes after does not see them', async () => {
  const { run } = await shop();
  const [, orders, n] = await run();
  expect(await read(orders?.uris ?? [], 'id')).toEqual([[1], [5]]);
  expect(await read(n?.uris ?? [])).toEqual([['2']]);
  expect(orders).toMatchObject({ rows: 2, promisedRows: 5 });
  expect(orders?.quarantined).toMatchObject({
    rows: 3,
    reasons: [
      { reason: 'unknown user', rows: 2 },
      { reason: 'negative price', rows: 1 },
    ],
  });
  expect(await read([orders?.quarantined?.quarantine ?? ''], 'file, line, "offset", reason, record, kept')).toEqual([
    [
      'a.csv',
      '3',
      '20',
      'negative price',
      '{"id":"2","user_id":"u1","price":"-5","at":"2025-01-02 10:00:00+00"}',
      false,
    ],
    [
      'a.csv',
      '4',
      '30',
      'unknown user',
      '{"id":"3","user_id":"nobody","price":"5","at":"2025-01-03 10:00:00+00"}',
      false,
    ],
    [
      'a.csv',
      '5',
      '40',
      'unknown user',
      '{"id":"4","user_id":"nobody","price":"-5","at":"2025-01-04 10:00:00+00"}',
      false,
    ],
  ]);
});

test('the sums count what went; more than the limit stops the run', async () => {
  const { run } = await shop();
  const { run: strict } = await shop({ failAbove: 0.59 });
  const outcomes = (tables: TransformedTable[]) => [...guardOutcomes([], tables), ...accountingOutcomes([], tables)];
  const [bad, sum] = outcomes(await run());
  expect(bad).toMatchObject({ name: 'models.orders: bad rows', failed: 3, severity: 'error', blocking: true });
  expect(sum).toMatchObject({ name: 'orders: one row for each staged row that is not quarantined', status: 'passed' });
  expect(outcomes(await strict())[0]).toMatchObject({ severity: 'error' });
  const { run: lenient } = await shop({ failAbove: 0.6 });
  expect(outcomes(await lenient())[0]).toMatchObject({ severity: 'warning', blocking: false, status: 'failed' });
});

test('rows before an instant are left out and not judged; one that does not say when stays', async () => {
  const since = { column: 'at', from: '2025-01-03T10:00:00.000000Z' };
  const { run } = await shop({ since });
  const [, orders] = await run();
  expect(await read(orders?.uris ?? [], 'id')).toEqual([[5]]);
  expect(orders).toMatchObject({ rows: 1, filtered: 2, promisedRows: 5, quarantined: { rows: 2 } });
  expect(accountingOutcomes([], [orders!])[0]).toMatchObject({
    name: 'orders: one row for each staged row that is not filtered or quarantined',
    status: 'passed',
  });
});

test('an invalid version of a row is never the one that stays', async () => {
  const folder = await temporaryFolder();
  const versions = await stage(
    folder,
    'orders',
    'SELECT * FROM (VALUES (1, 1, 5), (1, 2, 6), (1, 3, -7)) t(id, version, price)',
  );
  const latest = model('orders', { rules: [RULES[1]!], failAbove: 1, keepLatestBy: ['version'] });
  const [orders] = await transform(folder, [latest], [versions]);
  expect(await read(orders?.uris ?? [])).toEqual([[1, 2, 6]]);
  expect(orders).toMatchObject({ rows: 1, deduplicated: 1, quarantined: { rows: 1 } });
});

test('parts of one thing stay or go together', async () => {
  const folder = await temporaryFolder();
  const parts = await stage(
    folder,
    'orders',
    `SELECT * FROM (VALUES (1, 1, 1), (1, 2, 1), (1, 3, 1), (1, 1, 2), (1, 2, 2), (2, 1, 7), (NULL, 1, 1), (NULL, 1, 2)) t(id, item, version)`,
  );
  const latest = model('orders', { key: ['id', 'item'], partOf: ['id'], keepLatestBy: ['version'] });
  const [orders] = await transform(folder, [latest], [parts]);
  expect(orders).toMatchObject({ rows: 5, deduplicated: 3 });
  expect(await read(orders?.uris ?? [])).toEqual([
    [1, 1, 2],
    [1, 2, 2],
    [2, 1, 7],
    [null, 1, 1],
    [null, 1, 2],
  ]);
});

test('a second run finds what the first one has made, with the same counts', async () => {
  const { run } = await shop({ since: { column: 'at', from: '2025-01-02T00:00:00Z' }, keepLatestBy: ['at'] });
  const first = await run();
  expect(await run()).toEqual(first);
});

test('independent models run beside each other, none before what it reads; the order of the tables is that of the models', async () => {
  const folder = await temporaryFolder();
  const source = await stage(folder, 'orders', 'SELECT 1 AS id');
  const chain = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index, all) => {
    const before = index < 3 ? 'source.orders' : (all[index - 3] ?? '');
    return model(name, { sql: `SELECT id + 1 AS id FROM ${before}`, inputs: [before] });
  });
  const last = model('z', { sql: 'SELECT * FROM f UNION ALL SELECT * FROM a', inputs: ['f', 'a'] });
  const tables = await transform(folder, [...chain, last], [source]);
  expect(tables.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'z']);
  expect(await read(tables[6]?.uris ?? [])).toEqual([[2], [3]]);
});

test('of models of which one fails, none that reads it is begun, and the error names file, line and SQL', async () => {
  const folder = await temporaryFolder();
  const source = await stage(folder, 'orders', "SELECT 'x' AS id");
  const bad = model('bad', {
    sql: 'SELECT\n  CAST(id AS INTEGER) AS id\nFROM source.orders',
    inputs: ['source.orders'],
  });
  const after = model('after', { sql: 'SELECT * FROM bad', inputs: ['bad'] });
  await expect(transform(folder, [model('orders'), bad, after], [source])).rejects.toMatchObject({
    type: 'ModelFailed',
    message: expect.stringMatching(/models\/bad\.sql/) as string,
  });
});
