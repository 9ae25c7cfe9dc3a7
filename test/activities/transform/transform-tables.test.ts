import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { transformTables } from '../../../activities/transform/transform-tables.ts';
import type { ModelPlan } from '../../../workflows/definition/index.ts';
import type { StagedTable } from '../../../workflows/stages.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const RUN = { pipeline: 'shop', environment: 'dev', workflowId: 'w', runId: 'r', rootRunId: 'r', startedAt: '' };

const model = (name: string, sql: string, inputs: string[], onePer?: string): ModelPlan => ({
  name,
  file: `pipelines/shop/models/${name}.sql`,
  sql,
  inputs,
  key: ['id'],
  ...(onePer ? { onePer } : {}),
});

async function transform(folder: string, models: ModelPlan[], sources: StagedTable[], asOf = '2025-01-31') {
  return transformTables({ run: RUN, lake: `file://${folder}/lake`, asOf, models, sources }, quietWork());
}

test('models read sources and each other, and carry the promise of their source', async () => {
  const folder = await temporaryFolder();
  const orders = await stage(folder, 'orders', 'SELECT i AS id, i % 3 AS day FROM range(10) t(i)');
  const models = [
    model('clean', 'SELECT * FROM source.orders WHERE id < 9', ['source.orders'], 'orders'),
    model('daily', 'SELECT day AS id, count(*) AS n FROM clean GROUP BY day', ['clean']),
  ];
  const made = await transform(folder, models, [orders]);
  expect(made.map(({ name, rows, promisedRows }) => [name, rows, promisedRows])).toEqual([
    ['clean', 9, 10],
    ['daily', 3, undefined],
  ]);
});

test('the same input gives the same file; another input, SQL or day gives another', async () => {
  const folder = await temporaryFolder();
  const orders = await stage(folder, 'orders', 'SELECT 1 AS id');
  const uri = async (sql: string, source: StagedTable, asOf?: string) =>
    (await transform(folder, [model('m', sql, ['source.orders'])], [source], asOf))[0]?.uris[0];
  const sql = "SELECT id, getvariable('as_of') AS day FROM source.orders";
  const first = await uri(sql, orders);
  expect(await uri(sql, orders)).toBe(first);
  const others = [
    await uri(`${sql} WHERE true`, orders),
    await uri(sql, await stage(folder, 'orders', 'SELECT 2 AS id')),
    await uri(sql, orders, '2025-02-01'),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
});

test('a model that fails on the data is told with its file, and without the data', async () => {
  const folder = await temporaryFolder();
  const people = await stage(folder, 'people', "SELECT 'Ana Secreta' AS id");
  const models = [model('ages', 'SELECT\n  id::BIGINT AS id FROM source.people', ['source.people'])];
  const failure = await transform(folder, models, [people]).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ type: 'ModelFailed' });
  expect(failure).toHaveProperty('message', expect.stringContaining('pipelines/shop/models/ages.sql'));
  expect(failure).toHaveProperty('message', expect.not.stringContaining('Secreta'));
});

test('a sum of integers is kept to its last digit: Parquet has no 128-bit integers', async () => {
  const folder = await temporaryFolder();
  const orders = await stage(folder, 'orders', 'SELECT 9007199254740993::BIGINT AS id');
  const [made] = await transform(
    folder,
    [model('m', 'SELECT sum(id) AS id FROM source.orders', ['source.orders'])],
    [orders],
  );
  const files = (made?.uris ?? []).map((uri) => literal(fileURLToPath(uri))).join(', ');
  const read = (rows: string) => withSession(undefined, (session) => session.rows(`SELECT id FROM ${rows}`));
  expect(await read(`read_parquet([${files}])`)).toEqual([{ id: '9007199254740993' }]);
  const alone = join(folder, 'alone.parquet');
  await withSession(undefined, (session) =>
    session.run(`COPY (SELECT sum(9007199254740993::BIGINT) AS id) TO ${literal(alone)} (FORMAT parquet)`),
  );
  expect(await read(`read_parquet(${literal(alone)})`)).toEqual([{ id: 9007199254740992 }]);
});
