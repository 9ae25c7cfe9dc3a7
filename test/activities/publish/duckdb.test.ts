import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { publishToDatabase } from '../../../activities/publish/database/publish.ts';
import { DUCKDB } from '../../../activities/publish/duckdb/engine.ts';
import type { LoadMode, TablePlan } from '../../../workflows/definition/index.ts';
import { askDuckdb, changeDuckdb, changeSqlite, stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { publishAs, requestOf } from './destinations.ts';
import { counts } from './shop.ts';

const THINGS: TablePlan = { name: 'things', columns: [], key: ['id'], references: [], indexes: [['day']] };
const ALL_TYPES = `SELECT 1::BIGINT AS id, true AS yes, 12.30::DECIMAL(10,2) AS price, 12345678901234567890.1234::DECIMAL(38,4) AS exact,
  DATE '2025-03-07' AS day, TIMESTAMP '2025-03-07 01:02:03.123456' AS at, TIMESTAMPTZ '2025-03-07 01:02:03+02' AS instant, TIME '01:02:03' AS clock,
  'ñ' AS name, '\\x00\\xff'::BLOB AS bytes, 0.1::DOUBLE AS share, [1, 2] AS list, {'a': 1, 'b': 'x'} AS record, 7::UTINYINT AS tiny, 'nan'::DOUBLE AS nothing`;

async function warehouse() {
  const folder = await temporaryFolder();
  const destination = { folder, kind: 'duckdb' as const, path: 'out/shop.duckdb' };
  const publish = async (run: string, query: string, plan: TablePlan = THINGS) =>
    publishAs(destination, run, [plan], [await stage(folder, plan.name, query)]);
  return { folder, path: join(folder, destination.path), publish };
}

test('types are kept exactly, the key is a primary key, and no write-ahead log is left', async () => {
  const { folder, path, publish } = await warehouse();
  const [published] = await publish('run-1', ALL_TYPES);
  expect(published?.differences).toEqual([]);
  const types = await askDuckdb<{ t: string }>(
    path,
    "SELECT data_type AS t FROM duckdb_columns() WHERE database_name = 'published' AND table_name = 'things' ORDER BY column_index",
  );
  expect(types.map(({ t }) => t)).toEqual([
    'BIGINT', 'BOOLEAN', 'DECIMAL(10,2)', 'DECIMAL(38,4)', 'DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME',
    'VARCHAR', 'BLOB', 'DOUBLE', 'INTEGER[]', 'STRUCT(a INTEGER, b VARCHAR)', 'UTINYINT', 'DOUBLE',
  ]); // prettier-ignore
  expect(
    await askDuckdb(path, 'SELECT exact, "at"::VARCHAR AS "at", instant::VARCHAR AS instant, list FROM things'),
  ).toEqual([
    {
      exact: '12345678901234567890.1234',
      at: '2025-03-07 01:02:03.123456',
      instant: '2025-03-06 23:02:03+00',
      list: [1, 2],
    },
  ]);
  expect(
    await askDuckdb(
      path,
      "SELECT constraint_column_names AS key FROM duckdb_constraints() WHERE table_name = 'things' AND constraint_type = 'PRIMARY KEY'",
    ),
  ).toEqual([{ key: ['id'] }]);
  expect(await readdir(join(folder, 'out'))).toEqual(['shop.duckdb']);
});

test('the same rows in a later run leave the very same bytes', async () => {
  const { path, publish } = await warehouse();
  await publish('run-1', ALL_TYPES);
  const bytes = await readFile(path);
  expect(counts(await publish('run-2', ALL_TYPES))).toEqual([['things', 1, 0, 0, 1, 0]]);
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

test('a table outgrows its indexes, whose memory is bounded, and goes on', async () => {
  const { folder, path } = await warehouse();
  const publish = async (run: string, mode: LoadMode, from: number, to: number) => {
    const rows = `SELECT i AS id, DATE '2025-01-01' + (i % 9)::INTEGER AS day FROM range(${from}, ${to}) t(i)`;
    const tables = [{ ...THINGS, mode }];
    const request = { ...requestOf(folder, run), destination: { name: 'x', kind: 'duckdb' as const, path, tables } };
    const staged = [await stage(folder, 'things', rows)];
    return publishToDatabase({ ...DUCKDB, indexedRows: 100 }, { path }, { ...request, tables: staged }, quietWork());
  };
  const hasKey = () =>
    askDuckdb(
      path,
      "SELECT count(*) AS n FROM duckdb_constraints() WHERE table_name = 'things' AND constraint_type = 'PRIMARY KEY'",
    );
  await publish('run-1', 'merge', 0, 90);
  expect(await hasKey()).toEqual([{ n: '1' }]);
  expect(counts(await publish('run-2', 'merge', 80, 120))).toEqual([['things', 40, 30, 0, 10, 0]]);
  expect(await hasKey()).toEqual([{ n: '0' }]);
  expect(await askDuckdb(path, 'SELECT count(*) AS n, count(DISTINCT id) AS ids FROM things')).toEqual([
    { n: '120', ids: '120' },
  ]);
  const [replaced] = await publish('run-3', 'replace', 0, 101);
  expect(replaced?.differences).toEqual([]);
});

test('runs of one process that publish to one file wait for each other', async () => {
  const { path, publish } = await warehouse();
  const append: TablePlan = { ...THINGS, mode: 'append', key: [], indexes: [] };
  await Promise.all([1, 2, 3, 4].map((n) => publish(`run-${n}`, `SELECT ${n} AS id`, append)));
  expect(await askDuckdb(path, 'SELECT count(*) AS n FROM things')).toEqual([{ n: '4' }]);
});

test('tables of others in the same file are left alone', async () => {
  const { path, publish } = await warehouse();
  await publish('run-1', ALL_TYPES);
  await changeDuckdb(path, 'CREATE TABLE mine AS SELECT 42 AS answer', 'CREATE VIEW theirs AS SELECT id FROM things');
  await publish('run-2', `${ALL_TYPES}, 'more' AS more`);
  expect(await askDuckdb(path, 'SELECT answer, id FROM mine, theirs')).toEqual([{ answer: 42, id: '1' }]);
});

describe('what cannot be published leaves everything as it was', () => {
  test('a file that another process has open is tried again later', async () => {
    const { path, publish } = await warehouse();
    await publish('run-1', 'SELECT 1 AS id, NULL::DATE AS day');
    const holder = execa('node', ['--input-type=module', '--eval', HOLD, path]);
    await new Promise((ready) => holder.stdout.once('data', ready));
    const failure = await publish('run-2', 'SELECT 2 AS id, NULL::DATE AS day').catch((error: unknown) => error);
    holder.kill();
    await holder.catch(() => undefined);
    expect(failure).toMatchObject({
      type: 'DestinationBusy',
      message: expect.stringContaining(`PID ${holder.pid}`) as string,
    });
    expect(counts(await publish('run-2', 'SELECT 2 AS id, NULL::DATE AS day'))).toEqual([['things', 1, 1, 0, 0, 1]]);
  });

  test.each([
    ['a text', (path: string) => writeFile(path, 'my notes, quite long ones'), /a file of another kind/],
    ['an empty file', (path: string) => writeFile(path, ''), /an empty file/],
    ['a SQLite database', (path: string) => changeSqlite(path, 'CREATE TABLE t (n BIGINT)'), /a file of another kind/],
    ['a folder', (path: string) => mkdir(path), /a folder/],
    ['a file of a newer DuckDB', writeNewer, /another version of DuckDB/],
  ])('%s in its place', async (_, prepare, message) => {
    const { path, publish } = await warehouse();
    await mkdir(dirname(path));
    await prepare(path);
    await expect(publish('run-1', ALL_TYPES)).rejects.toMatchObject({
      type: 'DestinationUnwritable',
      message: expect.stringMatching(message) as string,
    });
  });
});

const HOLD = `
  import { DuckDBInstance } from '@duckdb/node-api';
  await (await DuckDBInstance.create(process.argv[1])).connect();
  console.log('open');
  setInterval(() => {}, 1000);`;

/** The head of a DuckDB file names its version behind a checksum. */
async function writeNewer(path: string): Promise<void> {
  await changeDuckdb(path, 'CREATE TABLE t AS SELECT 1 AS n');
  const bytes = await readFile(path);
  bytes.writeBigUInt64LE(9_999n, 12);
  let sum = 5381n;
  for (let at = 8; at < 4096; at += 8) sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  bytes.writeBigUInt64LE(sum, 0);
  await writeFile(path, bytes);
}
