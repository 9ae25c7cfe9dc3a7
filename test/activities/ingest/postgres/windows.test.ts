import { expect, test } from 'vitest';
import { askPostgres, tellPostgres, withPostgres } from '../../../support/postgres.ts';
import { read, useServer, type Reading } from './source-database.ts';

const server = useServer();

const CURSOR = { column: 'at', lagMs: 1_000, timezone: 'UTC' };

async function shop(type = 'timestamptz'): Promise<string> {
  const url = await server().database();
  await tellPostgres(
    url,
    `CREATE TABLE t (id int PRIMARY KEY, at ${type} DEFAULT now())`,
    `INSERT INTO t SELECT i, '2026-01-01'::timestamp + i * interval '1 hour' FROM generate_series(1, 100) i`,
  );
  return url;
}

const ids = async ({ rows }: Reading): Promise<number[]> =>
  (await rows('t')).map(({ id }) => Number(id)).sort((a, b) => a - b);
const windows = (url: string, before?: Reading, cursor = CURSOR): Promise<Reading> =>
  read(url, [{ table: 't', cursor }], before?.positions ?? {});

test('the first time everything is read, then what is new or changed, and what lies within the lag', async () => {
  const url = await shop();
  const first = await windows(url);
  expect(first.snapshot.tables).toMatchObject([{ rows: 100, total: 100 }]);
  const second = await windows(url, first);
  expect(await ids(second)).toEqual([100]);
  await tellPostgres(url, 'INSERT INTO t VALUES (101), (102)', 'UPDATE t SET at = now() WHERE id = 5');
  const third = await windows(url, second);
  expect(await ids(third)).toEqual([5, 100, 101, 102]);
  expect(third.snapshot.tables).toMatchObject([{ rows: 4, total: 102 }]);
});

test('rows of one instant are read whole, whatever part of them was there before', async () => {
  const url = await shop();
  const at = "'2026-06-01 00:00+00'";
  await tellPostgres(url, `INSERT INTO t SELECT 1000 + i, ${at} FROM generate_series(1, 50) i`);
  const cursor = { ...CURSOR, lagMs: 0 };
  const first = await windows(url, undefined, cursor);
  await tellPostgres(url, `INSERT INTO t SELECT 2000 + i, ${at} FROM generate_series(1, 50) i`);
  expect(await ids(await windows(url, first, cursor))).toHaveLength(100);
});

test('a row that is stamped and committed later is read, however many are committed in between', async () => {
  const url = await shop();
  let seen = await windows(url);
  await withPostgres(url, async (late) => {
    const tell = (sql: string): Promise<void> => late.run(`CALL postgres_execute('server', '${sql}')`);
    await late.run('BEGIN');
    await tell('INSERT INTO t VALUES (500)');
    for (const id of [501, 502, 503]) {
      await tellPostgres(url, 'SELECT pg_sleep(1.2)', `INSERT INTO t VALUES (${id})`);
      seen = await windows(url, seen);
      expect(await ids(seen)).not.toContain(500);
      expect(await ids(seen)).toContain(id);
    }
    await late.run('COMMIT');
  });
  expect(await ids(await windows(url, seen))).toContain(500);
});

test('a transaction that had only read when it was met, and writes later with its own old time', async () => {
  const url = await shop();
  let seen = await windows(url);
  await withPostgres(url, async (late) => {
    await late.run('BEGIN');
    await late.run(`SELECT * FROM postgres_query('server', 'SELECT count(*) AS n FROM t')`);
    await tellPostgres(url, 'SELECT pg_sleep(1.5)', 'INSERT INTO t VALUES (601)');
    seen = await windows(url, seen);
    await late.run(`CALL postgres_execute('server', 'INSERT INTO t VALUES (600, now())')`);
    await late.run('COMMIT');
  });
  expect(await ids(await windows(url, seen))).toContain(600);
});

test('who may not see when others began waits for them', async () => {
  const url = await shop();
  await tellPostgres(url, "CREATE ROLE plain LOGIN PASSWORD 'plain'", 'GRANT SELECT ON t TO plain');
  const asPlain = url.replace(/\/\/[^@]*@/, '//plain:plain@');
  const first = await windows(asPlain);
  const late = tellPostgres(url, 'DO $$ BEGIN INSERT INTO t VALUES (700); PERFORM pg_sleep(3); END $$');
  const open = "SELECT 1 AS n FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'";
  while ((await askPostgres(url, open)).length === 0);
  const second = await windows(asPlain, first);
  await late;
  const third = await windows(asPlain, second);
  expect([...(await ids(second)), ...(await ids(third))]).toContain(700);
});

test('while a transaction is prepared nothing moves on, and nothing is lost', async () => {
  const prepared = "SELECT setting FROM pg_settings WHERE name = 'max_prepared_transactions'";
  await server().stop();
  await server().start({ settings: { max_prepared_transactions: '2' } });
  const url = await shop();
  expect(await askPostgres(url, prepared)).toEqual([{ setting: '2' }]);
  const first = await windows(url);
  await tellPostgres(url, `BEGIN; INSERT INTO t VALUES (800); PREPARE TRANSACTION 'half'`);
  await tellPostgres(url, 'SELECT pg_sleep(1.5)', 'INSERT INTO t VALUES (801)');
  const second = await windows(url, first);
  expect(await ids(second)).toContain(801);
  expect(second.positions).toEqual(first.positions);
  await tellPostgres(url, `COMMIT PREPARED 'half'`);
  expect(await ids(await windows(url, second))).toContain(800);
});

test('a row without a stamp is in every part', async () => {
  const url = await shop();
  const first = await windows(url);
  await tellPostgres(url, 'INSERT INTO t VALUES (900, NULL)');
  const second = await windows(url, first);
  expect(await ids(second)).toContain(900);
  expect(await ids(await windows(url, second))).toContain(900);
});

test('other columns, or another cursor, and everything is read: of a new column nobody has read the old values', async () => {
  const url = await shop();
  const first = await windows(url);
  await tellPostgres(url, "ALTER TABLE t ADD COLUMN note text DEFAULT 'old'");
  const second = await windows(url, first);
  expect(await ids(second)).toHaveLength(100);
  expect(await ids(await windows(url, second))).toHaveLength(1);
  await tellPostgres(url, 'ALTER TABLE t ADD COLUMN changed timestamptz DEFAULT now()');
  const third = await windows(url, second, { ...CURSOR, column: 'changed' });
  expect(await ids(third)).toHaveLength(100);
});

test('a table of another database is another one, though it looks the same', async () => {
  const first = await windows(await shop());
  expect(await ids(await windows(await shop(), first))).toHaveLength(100);
});

test('a position that is none, and a source of which one table has none', async () => {
  const url = await shop();
  const { positions } = await windows(url);
  const table = { table: 't', cursor: CURSOR };
  expect(await ids(await read(url, [table], { t: ['{"column":"at"}'] }))).toHaveLength(100);
  expect(await ids(await read(url, [table], { t: ['later'] }))).toHaveLength(100);
  expect(await ids(await read(url, [table], { t: [] }))).toHaveLength(100);
  const older = (positions['t']?.[0] ?? '').replace(/2026-01-05 \d\d:[^"]*/, '2026-01-05 00:00:00+00');
  expect(await ids(await read(url, [table], { t: [...(positions['t'] ?? []), older] }))).toEqual([96, 97, 98, 99, 100]);
});

test('stamps without a zone are of the clocks of the definition, which are put back once a year', async () => {
  const url = await shop('timestamp');
  const cursor = { ...CURSOR, timezone: 'Europe/Madrid' };
  await tellPostgres(url, `UPDATE t SET at = at + interval '300 days'`);
  const first = await windows(url, undefined, cursor);
  const [{ position = '' } = {}] = first.snapshot.tables;
  const { from } = JSON.parse(position) as { from: string };
  const [row] = await askPostgres<{ bound: string }>(
    url,
    `SELECT ((now() AT TIME ZONE 'Europe/Madrid') - interval '1 hour')::text AS bound`,
  );
  expect(from <= (row?.bound ?? '')).toBe(true);
  expect(from).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*$/);
});
