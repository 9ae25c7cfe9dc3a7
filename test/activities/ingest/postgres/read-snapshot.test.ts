import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { askPostgres, tellPostgres } from '../../../support/postgres.ts';
import { read, useServer } from './source-database.ts';

const server = useServer();

async function databaseWith(...statements: readonly string[]): Promise<string> {
  const url = await server().database();
  await tellPostgres(url, ...statements);
  return url;
}

test('values of every type come as Postgres itself writes them', async () => {
  const url = await databaseWith(
    `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN price AS numeric(12,2); CREATE TYPE pair AS (a int, b numeric)`,
    `CREATE TABLE t (id int, n numeric, n2 numeric(12,2), d price, f float8, r real, b bytea, u uuid, ts timestamptz, tl timestamp,
      tz timetz, iv interval, j json, jb jsonb, arr text[], nn numeric[][], m mood, p pair, dt date, tm time, x xml, i inet,
      c char(5), e "char", "A" int, "select" text)`,
    `INSERT INTO t VALUES (1, 12345678901234567890.123456789, 10.50, 7.25, 0.1, 0.1, '\\x00ff', '00000000-0000-0000-0000-000000000001',
      '2026-01-01 12:00:00.123456+02', '2026-01-01 12:00', '10:00+05', '1 mon -1 day', '{"a": 1.10,  "a": 2}',
      '{"a": 12345678901234567890.10}', ARRAY['a,b', NULL, 'c"d'], '{{1.10,NULL},{2,3}}', 'ok', '(1,2.50)', '2026-01-01', '24:00',
      '<a/>', '10.0.0.1', 'ab', '', 5, 'it''s'),
      (2, 'NaN', NULL, NULL, 'NaN', NULL, NULL, NULL, 'infinity', '0044-03-15 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      '-infinity', NULL, NULL, NULL, NULL, NULL, NULL, '')`,
  );
  const { snapshot, rows } = await read(url, [{ table: 't' }]);
  expect(snapshot).toMatchObject({ failed: [], tables: [{ source: 't', rows: 2, total: 2 }] });
  expect(await rows('t')).toEqual([
    {
      ...{ id: '1', n: '12345678901234567890.123456789', n2: '10.50', d: '7.25', f: '0.1', r: '0.1', b: '\\x00ff' },
      ...{ u: '00000000-0000-0000-0000-000000000001', ts: '2026-01-01 10:00:00.123456+00', tl: '2026-01-01 12:00:00' },
      ...{ tz: '10:00:00+05', iv: '1 mon -1 days', j: '{"a": 1.10,  "a": 2}', jb: '{"a": 12345678901234567890.10}' },
      ...{
        arr: '{"a,b",NULL,"c\\"d"}',
        nn: '{{1.10,NULL},{2,3}}',
        m: 'ok',
        p: '(1,2.50)',
        dt: '2026-01-01',
        tm: '24:00:00',
      },
      ...{ x: '<a/>', i: '10.0.0.1/32', c: 'ab', e: '', A: '5', select: "it's" },
    },
    {
      ...{ id: '2', n: 'NaN', n2: null, d: null, f: 'nan', r: null, b: null, u: null, ts: 'infinity' },
      ...{
        tl: '0044-03-15 (BC) 00:00:00',
        tz: null,
        iv: null,
        j: null,
        jb: null,
        arr: null,
        nn: null,
        m: null,
        p: null,
      },
      ...{ dt: '-infinity', tm: null, x: null, i: null, c: null, e: null, A: null, select: '' },
    },
  ]);
});

test('what a type of DuckDB would change comes as text: NaN in a decimal, instants past what it holds', async () => {
  const url = await databaseWith(
    'CREATE TABLE t (id int, amount numeric(12,2), at timestamptz)',
    `INSERT INTO t VALUES (1, 'NaN', '294276-12-31 23:59:59+00'), (2, 1.50, '2026-01-01 00:00+00')`,
    'CREATE TABLE sound (id int, amount numeric(12,2))',
    'INSERT INTO sound VALUES (1, 1.50)',
  );
  const { rows } = await read(url, [{ table: 't' }, { table: 'sound' }]);
  expect(await rows('t')).toEqual([
    { id: '1', amount: 'NaN', at: '294276-12-31 23:59:59+00' },
    { id: '2', amount: '1.50', at: '2026-01-01 00:00:00+00' },
  ]);
  expect(await rows('sound')).toEqual([{ id: '1', amount: '1.50' }]);
});

test('lists that become tables come as JSON, one record a line, whatever stands in it', async () => {
  const url = await databaseWith(
    'CREATE TABLE t (id int, doc json, tags text[])',
    `INSERT INTO t VALUES (1, E'{"a":\\n 12345678901234567.89,\\r\\n"b": "x\\\\ny"}', ARRAY['one', NULL]), (2, NULL, '{}')`,
  );
  const { text } = await read(url, [{ table: 't', format: 'jsonl' }]);
  expect((await text('t')).split('\n')).toEqual([
    '{"id":1,"doc":{"a":  12345678901234567.89,  "b": "x\\ny"},"tags":["one",null]}',
    '{"id":2,"doc":null,"tags":[]}',
    '',
  ]);
});

test('a large table is read in parts beside each other, every row once; views and partitions as wholes', async () => {
  const url = await databaseWith(
    `CREATE TABLE large AS SELECT i AS id, repeat('x', 900) AS pad FROM generate_series(1, 90000) i`,
    'CREATE VIEW seen AS SELECT id % 7 AS n, count(*) AS c FROM large GROUP BY 1',
    'CREATE TABLE parted (id int) PARTITION BY RANGE (id)',
    'CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (5)',
    'CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (5) TO (10)',
    'INSERT INTO parted SELECT generate_series(0, 9)',
    'CREATE TABLE nobody (id int)',
  );
  const { snapshot, rows } = await read(url, [
    { table: 'large' },
    { table: 'seen' },
    { table: 'parted' },
    { table: 'nobody' },
  ]);
  expect(snapshot.tables.map(({ source, rows: count }) => [source, count])).toEqual([
    ['large', 90_000],
    ['seen', 7],
    ['parted', 10],
    ['nobody', 0],
  ]);
  const ids = (await rows('large')).map(({ id }) => Number(id));
  expect(new Set(ids).size).toBe(90_000);
  expect(await rows('parted')).toHaveLength(10);
  expect(await rows('nobody')).toEqual([]);
});

test('all tables are of one moment, however much is written meanwhile', async () => {
  const url = await databaseWith(
    'CREATE TABLE a AS SELECT i AS id, 0 AS amount FROM generate_series(1, 5000) i',
    'CREATE TABLE b AS SELECT i AS id, 0 AS amount FROM generate_series(1, 5000) i',
  );
  const writing = new AbortController();
  const writers = [1, 2].map(async () => {
    for (let n = 1; !writing.signal.aborted; n += 1)
      await tellPostgres(
        url,
        `UPDATE a SET amount = amount + ${n} WHERE id % 97 = ${n % 97}; UPDATE b SET amount = amount - ${n} WHERE id % 97 = ${n % 97}`,
      );
  });
  const sums: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const { rows } = await read(url, [{ table: 'a' }, { table: 'b' }]);
    const all = [...(await rows('a')), ...(await rows('b'))];
    sums.push(all.reduce((sum, { amount }) => sum + Number(amount), 0));
  }
  writing.abort();
  await Promise.all(writers);
  expect(sums).toEqual([0, 0, 0]);
});

test('a table that cannot be read is named, with what to do; the others are read', async () => {
  const url = await databaseWith(
    'CREATE TABLE good (id int)',
    'CREATE TABLE secret (id int)',
    'CREATE TABLE hidden (id int)',
    'ALTER TABLE hidden ENABLE ROW LEVEL SECURITY',
    'CREATE TABLE locked (id int)',
    'CREATE TABLE stamps (id int, at date)',
    `CREATE VIEW broken AS SELECT 1 / (random() * 0)::int AS n FROM good`,
    'INSERT INTO good VALUES (1)',
    "CREATE ROLE reader LOGIN PASSWORD 'reader'",
    'GRANT SELECT ON good, hidden, locked, stamps, broken TO reader',
  );
  const asReader = url.replace(/\/\/[^@]*@/, '//reader:reader@');
  const lock = tellPostgres(url, 'DO $$ BEGIN LOCK TABLE locked; PERFORM pg_sleep(15); END $$').catch(() => undefined);
  const held = "SELECT 1 AS n FROM pg_locks WHERE relation = 'locked'::regclass AND mode = 'AccessExclusiveLock'";
  while ((await askPostgres(url, held)).length === 0) await pause(20);
  const { snapshot } = await read(
    asReader,
    [
      ...['good', 'secret', 'hidden', 'locked', 'broken', 'goood'].map((table) => ({ table })),
      { table: 'stamps', cursor: { column: 'at', lagMs: 0, timezone: 'UTC' } },
      { table: 'good', source: 'cursorless', cursor: { column: 'changed_at', lagMs: 0, timezone: 'UTC' } },
    ],
    {},
    { lockTimeoutMs: 200 },
  );
  await askPostgres(url, `SELECT count(pg_cancel_backend(pid)) AS n FROM pg_stat_activity WHERE query LIKE 'DO %'`);
  await lock;
  expect(snapshot.tables.map(({ source }) => source)).toEqual(['good']);
  const failed = Object.fromEntries(
    snapshot.failed.map(({ name, error }) => [name, `${error.type}: ${error.message}`]),
  );
  expect(failed).toEqual({
    secret: expect.stringMatching(/^SourceDenied: .*public\.secret[^]*GRANT SELECT ON public\.secret/) as string,
    hidden: expect.stringMatching(/^SourceDenied: Row-level security hides rows of public\.hidden/) as string,
    locked: expect.stringMatching(/^SourceBusy: Somebody locks the table[^]*public\.locked/) as string,
    broken: expect.stringMatching(/^SourceUnreadable: [^]*division by zero/) as string,
    goood: expect.stringMatching(/^SourceMissing: There is no table "goood"[^]*Did you mean "good"/) as string,
    stamps: expect.stringMatching(/^DefinitionInvalid: The cursor "at" is date/) as string,
    cursorless: expect.stringMatching(/^SourceMissing: The cursor "changed_at" is no column/) as string,
  });
});

test('a value that a view fails on is not told', async () => {
  const url = await databaseWith(
    'CREATE TABLE people (name text)',
    "INSERT INTO people VALUES ('Ana Secret')",
    'CREATE VIEW numbers AS SELECT name::int AS n FROM people',
  );
  const { snapshot } = await read(url, [{ table: 'numbers' }]);
  expect(snapshot.failed).toMatchObject([{ name: 'numbers', error: { type: 'SourceUnreadable' } }]);
  expect(JSON.stringify(snapshot)).not.toContain('Ana');
});

test.each<[string, (url: URL) => void, string]>([
  ['a server that is down', (url) => (url.port = '1'), 'SourceUnreachable'],
  ['a wrong password', (url) => (url.password = 'no'), 'SourceDenied'],
  ['an unknown database', (url) => (url.pathname = '/nobody'), 'SourceMissing'],
  ['an unknown option', (url) => url.searchParams.set('sslmode', 'perhaps'), 'DefinitionInvalid'],
])('%s', async (_, change, type) => {
  const url = new URL(server().administration());
  change(url);
  await expect(read(url.href, [{ table: 't' }])).rejects.toMatchObject({ type, where: 'postgres:SHOP_URL' });
});

test('what nothing is set for, and what is no URL', async () => {
  await expect(read('', [{ table: 't' }])).rejects.toMatchObject({ type: 'SettingMissing' });
  await expect(read('mysql://x', [{ table: 't' }])).rejects.toMatchObject({ type: 'DefinitionInvalid' });
});

test('cancelled while Postgres computes, it ends at once, and nothing goes on there', async () => {
  const url = await databaseWith('CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(60)::text AS slept');
  const stop = new AbortController();
  const reading = read(url, [{ table: 'slow' }], {}, { signal: stop.signal });
  const ended = expect(reading).rejects.toThrow('enough');
  const active =
    "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' AND pid <> pg_backend_pid()";
  const count = async (): Promise<number> => Number((await askPostgres<{ n: string }>(url, active))[0]?.n);
  while ((await count()) === 0) await pause(20);
  const begun = Date.now();
  stop.abort(new Error('enough'));
  await ended;
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(await count()).toBe(0);
});

test('cut off half-way, it fails as something that passes, and never with a part of the rows', async () => {
  const url = await databaseWith(
    `CREATE TABLE many AS SELECT i AS id FROM generate_series(1, 50) i`,
    'CREATE VIEW slowly AS SELECT id, pg_sleep(0.1)::text AS slept FROM many',
  );
  const reading = read(url, [{ table: 'slowly' }]);
  const failed = expect(reading).rejects.toMatchObject({ type: 'SourceUnreachable' });
  const cut = `SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity WHERE query LIKE '%slowly%' AND state = 'active' AND pid <> pg_backend_pid()`;
  while (Number((await askPostgres<{ n: string }>(url, cut))[0]?.n) === 0) await pause(20);
  await failed;
});
