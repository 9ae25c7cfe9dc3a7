import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { Work } from '../../../activities/progress.ts';
import type { LoadMode, TablePlan } from '../../../workflows/definition/index.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { askParquet, PARTITIONED, place, publishAs } from './destinations.ts';
import { cancelledAt, counts } from './shop.ts';

const table = (name: string, mode: LoadMode = 'replace'): TablePlan => ({
  name,
  mode,
  columns: [],
  key: [],
  references: [],
  indexes: [],
});

async function lakehouse(path: string) {
  const folder = await temporaryFolder();
  const destination = { folder, kind: 'parquet' as const, path };
  const publish = async (run: string, plans: readonly TablePlan[], query: string, work: Work = quietWork()) => {
    const staged = await Promise.all(plans.map(({ name }) => stage(folder, name, query)));
    return publishAs(destination, run, plans, staged, {}, work);
  };
  return { folder, path: join(folder, path), publish };
}

test('a file carries its own ledger', async () => {
  const { path, publish } = await lakehouse('out.parquet');
  const [published] = await publish('run-1', [table('sales')], 'SELECT 1 AS n');
  await publish('run-2', [table('sales')], 'SELECT 2 AS n');
  const [row] = await withSession(undefined, (session) =>
    session.rows<{ ledger: string }>(
      `SELECT decode(value) AS ledger FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'acequia_ledger'`,
    ),
  );
  expect(JSON.parse(row?.ledger ?? '')).toMatchObject([
    { runId: 'run-1', loadId: published?.loadId, rows: 1, digest: published?.digest, mode: 'replace' },
    { runId: 'run-2', inserted: 1, removed: 1 },
  ]);
});

test('the same rows in a later run leave the very same bytes', async () => {
  const { path, publish } = await lakehouse('out.parquet');
  await publish('run-1', [table('sales')], 'SELECT 1 AS n');
  const bytes = await readFile(path);
  expect(counts(await publish('run-2', [table('sales')], 'SELECT 1 AS n'))).toEqual([['sales', 1, 0, 0, 1, 0]]);
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

test('several tables go to a folder, and not to one file', async () => {
  const both = [table('orders'), table('orders_items')];
  const { path, publish } = await lakehouse('out');
  await publish('run-1', both, 'SELECT 1 AS n');
  expect((await readdir(path)).sort()).toEqual(['orders.parquet', 'orders_items.parquet']);
  const one = await lakehouse('out.parquet');
  await expect(one.publish('run-1', both, 'SELECT 1 AS n')).rejects.toMatchObject({
    type: 'DefinitionInvalid',
    message: expect.stringContaining('orders, orders_items') as string,
  });
});

test('a reader never meets a half-written file, and nothing is left of what was cut off', async () => {
  const { path, publish } = await lakehouse('out');
  await publish('run-1', [table('sales')], 'SELECT 1 AS n');
  const seen: string[][] = [];
  const watching = quietWork();
  const work = {
    ...watching,
    report: (progress: { step: string }) => {
      watching.report(progress);
      if (progress.step === 'committing') seen.push(readdirSync(path));
    },
  };
  await publish('run-2', [table('sales')], 'SELECT 2 AS n', work);
  expect(seen[0]?.filter((name) => name.endsWith('.parquet'))).toEqual(['sales.parquet']);
  expect(seen[0]).toHaveLength(2);
  await expect(publish('run-3', [table('sales')], 'SELECT 3 AS n', cancelledAt('written'))).rejects.toThrow();
  expect(await readdir(path)).toEqual(['sales.parquet']);
  expect(await askParquet(join(path, '*.parquet'))).toEqual([{ n: '2' }]);
});

test('what a killed attempt left aside is removed by the next', async () => {
  const { path, publish } = await lakehouse('out');
  let left = '';
  const work = {
    ...quietWork(),
    report: ({ step }: { step: string }) => {
      if (step === 'committing') left = readdirSync(path).find((name) => name.endsWith('.part')) ?? '';
    },
  };
  await publish('run-1', [table('sales')], 'SELECT 1 AS n', work);
  expect(left).not.toBe('');
  await writeFile(join(path, left), 'half a file');
  await publish('run-2', [table('sales')], 'SELECT 2 AS n');
  expect(await readdir(path)).toEqual(['sales.parquet']);
});

test('a folder of somebody else is appended to by files of its columns', async () => {
  const { path, publish } = await lakehouse('out');
  await mkdir(join(path, 'sales'), { recursive: true });
  const theirs = join(path, 'sales', 'a.parquet');
  await withSession(undefined, (session) =>
    session.run(`COPY (SELECT 1 AS n, 'x' AS note) TO '${theirs}' (FORMAT parquet)`),
  );
  const before = await readFile(theirs);
  await publish('run-1', [table('sales', 'append')], 'SELECT 2 AS n');
  expect(await askParquet(join(path, 'sales', '*.parquet'))).toEqual(
    expect.arrayContaining([
      { n: '1', note: 'x' },
      { n: '2', note: null },
    ]),
  );
  await expect(publish('run-2', [table('sales', 'append')], "SELECT 'x' AS n")).rejects.toThrow(
    /n: VARCHAR in the load, INTEGER in the table/,
  );
  await expect(publish('run-3', [table('sales', 'append')], 'SELECT 3 AS n, 4 AS more')).rejects.toThrow(
    /more: the files there have no such column/,
  );
  expect((await readFile(theirs)).equals(before)).toBe(true);
});

test.each(['replace', 'append', 'merge'] as const)('a file of somebody else is not written anew (%s)', async (mode) => {
  const { path, publish } = await lakehouse('out.parquet');
  await withSession(undefined, (session) => session.run(`COPY (SELECT 1 AS n) TO '${path}' (FORMAT parquet)`));
  await expect(publish('run-1', [{ ...table('sales', mode), key: ['n'] }], 'SELECT 1 AS n')).rejects.toMatchObject({
    type: 'DestinationNotOurs',
    why: expect.stringContaining(`${path} carries no ledger`) as string,
  });
});

test('a table is one file or a folder, never both', async () => {
  const { path, publish } = await lakehouse('out');
  await publish('run-1', [table('one')], 'SELECT 1 AS n');
  await publish('run-1', [table('many', 'append')], 'SELECT 1 AS n');
  await expect(publish('run-2', [table('one', 'append')], 'SELECT 2 AS n')).rejects.toThrow(
    /one is to be a folder of files, and is there in another layout/,
  );
  await expect(publish('run-2', [table('many')], 'SELECT 2 AS n')).rejects.toThrow(
    /many is to be one file, and is there in another layout/,
  );
  expect((await readdir(path)).sort()).toEqual(['many', 'one.parquet']);
});

test.each([
  ['a text for a file', 'out.parquet', (path: string) => writeFile(path, 'my notes'), /a file of another kind/],
  ['a folder for a file', 'out.parquet', (path: string) => mkdir(path), /a folder/],
  ['a file for a folder', 'out', (path: string) => writeFile(path, 'my notes'), /a file/],
])('%s is told and left', async (_, name, prepare, message) => {
  const { path, publish } = await lakehouse(name);
  await prepare(path);
  const before = await stat(path);
  await expect(publish('run-1', [table('sales')], 'SELECT 1 AS n')).rejects.toMatchObject({
    type: 'DestinationUnwritable',
    message: expect.stringMatching(message) as string,
  });
  expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
});

test('folders with signs of their own on the way neither hide rows nor become columns', async () => {
  const { path, publish } = await lakehouse('year=2024/a [1]/t[0].parquet');
  await publish('run-1', [table('sales', 'append')], 'SELECT 1 AS n');
  await publish('run-2', [table('sales', 'append')], 'SELECT 2 AS n');
  const rows = await withSession(undefined, (session) =>
    session.rows(`SELECT * FROM read_parquet('${path}', hive_partitioning = false)`),
  );
  expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a ledger grows by one entry with each load, in however many partitions its files are', async () => {
  const { path, load } = await place(PARTITIONED);
  const plan = { ...table('sales', 'merge'), key: ['id'], partitionBy: ['day'] };
  for (let run = 0; run < 5; run += 1)
    await load(
      plan,
      `SELECT i AS id, 'of ${run}' AS note, DATE '2025-01-01' + (i % 4)::INTEGER AS day FROM range(20) t(i)`,
    );
  const raw = await withSession(undefined, (session) =>
    session.rows<{ n: string }>(
      `SELECT json_array_length(decode(value)) AS n FROM parquet_kv_metadata('${path}/**/*.parquet') WHERE decode(key) = 'acequia_ledger'`,
    ),
  );
  expect(raw.map(({ n }) => Number(n))).toEqual([5, 5, 5, 5]);
});
