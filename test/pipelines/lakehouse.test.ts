import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';
import { TABLES } from './support/lakehouse-rows.ts';
import { broken, LakehouseShop } from './support/lakehouse-shop.ts';

const SAMPLE = readFileSync(new URL('../../pipelines/lakehouse/sample/source.sql', import.meta.url), 'utf8');

let server: PostgresServer;
const time = useTimeSkipping();
beforeAll(async () => {
  server = await startPostgres();
  await tellPostgres(await server.database('sample'), SAMPLE);
});
afterAll(() => server.stop());

/** A source of its own, as the sample is, and then some. */
async function shop(...statements: readonly string[]): Promise<LakehouseShop> {
  return LakehouseShop.make(await source(...statements), time);
}

async function source(...statements: readonly string[]): Promise<string> {
  const name = `db_${randomBytes(6).toString('hex')}`;
  await tellPostgres(server.administration(), `CREATE DATABASE ${name} TEMPLATE sample`);
  const url = server.administration().replace(/[^/]*$/, name);
  await tellPostgres(url, ...statements);
  return url;
}

const readOf = ({ sources }: Receipt): Record<string, number> =>
  Object.fromEntries(sources.map(({ name, read }) => [name, read]));
const loadOf = ({ tables }: Receipt, wanted: string) => {
  const { rows, inserted, updated, unchanged, removed } = tables.find(({ name }) => name === wanted)!;
  return { rows, inserted, updated, unchanged, removed };
};

test('all eight tables come as they are, exactly; then two of them in parts', async () => {
  const lakehouse = await shop();
  const first = await lakehouse.run();
  expect(first).toMatchObject({ accounted: true, error: null, run: { outcome: 'succeeded' } });
  expect(broken(first)).toEqual({});
  expect(await lakehouse.differences()).toEqual({});
  expect(
    await lakehouse.ask("SELECT _parent, _position, value FROM plan_countries WHERE _parent = 'STUDENT' ORDER BY 2"),
  ).toEqual([
    { _parent: 'STUDENT', _position: '1', value: 'ES' },
    { _parent: 'STUDENT', _position: '2', value: 'PT' },
  ]);
  expect(first.steps.map(({ name, slice }) => `${name} ${slice ?? ''}`.trim())).toEqual(
    expect.arrayContaining([
      'positions raw',
      'snapshot postgres:LAKEHOUSE_SOURCE_URL',
      'ingest accounts',
      'publish raw',
    ]),
  );

  await tellPostgres(
    lakehouse.url,
    `UPDATE contents SET title = title || '!', updated_at = now() WHERE content_id IN (3, 4)`,
    `INSERT INTO content_attributes SELECT 3, 'mood', 'calm', 'editors', NULL, now(), now()`,
    `DELETE FROM viewing_sessions WHERE account_id = 7`,
    `UPDATE accounts SET balance = 9999999999.99 WHERE account_id = 7`,
  );
  const second = await lakehouse.run();
  expect(second).toMatchObject({ accounted: true, run: { outcome: 'succeeded' } });
  expect(readOf(second)).toMatchObject({ accounts: 2_000, contents: 3, content_attributes: 2 });
  expect(loadOf(second, 'contents')).toMatchObject({ inserted: 0, updated: 2, unchanged: 1 });
  expect(loadOf(second, 'content_attributes')).toMatchObject({ inserted: 1, unchanged: 1 });
  expect(loadOf(second, 'accounts')).toMatchObject({ rows: 2_000, updated: 1, unchanged: 1_999 });
  expect(await lakehouse.differences()).toEqual({});
});

test('nothing new, and nothing changes; a full refresh reads all of a table again', async () => {
  const lakehouse = await shop();
  await lakehouse.run();
  const again = await lakehouse.run();
  expect(again.tables.map(({ inserted, updated, removed }) => inserted + updated + removed)).toEqual(Array(9).fill(0));
  await lakehouse.ask(
    'DELETE FROM contents WHERE content_id = 17',
    "UPDATE contents SET title = 'by hand' WHERE content_id = 18",
  );
  const refreshed = await lakehouse.run({ fullRefresh: ['contents'] });
  expect(readOf(refreshed)).toMatchObject({ contents: 1_500, content_attributes: 1 });
  expect(await lakehouse.differences()).toEqual({});
  expect(readOf(await lakehouse.run())).toMatchObject({ contents: 1 });
});

test('the source is restarted half-way: everything is read again, and nothing is lost', async () => {
  const lakehouse = await shop();
  const running = lakehouse.run();
  await pause(1_200);
  await server.stop('SIGKILL');
  await server.start();
  expect((await running).run.outcome).toBe('succeeded');
  expect(await lakehouse.differences()).toEqual({});
});

test('a run is replayed from what it has landed; the database is not asked', async () => {
  const lakehouse = await shop();
  const { run } = await lakehouse.run();
  await tellPostgres(lakehouse.url, 'DROP TABLE viewing_sessions', 'UPDATE accounts SET balance = 0');
  const receipt = await lakehouse.run({ replayOf: { runId: run.runId } });
  expect(receipt.error).toBeNull();
  const changes = receipt.replay?.tables ?? [];
  expect(changes).toHaveLength(9);
  expect(changes.filter(({ added, removed, changed, structure }) => added + removed + changed + structure > 0)).toEqual(
    [],
  );
});

test('some tables, with those that they refer to; one that is not there is refused with the list', async () => {
  const lakehouse = await shop();
  const receipt = await lakehouse.run({ tables: ['subscriptions'] });
  expect(receipt.tables.map(({ name }) => name).sort()).toEqual(['accounts', 'plans', 'subscriptions']);
  const refused = await lakehouse.run({ tables: ['suscriptions'] });
  expect(refused.error?.message).toMatch(/no table "suscriptions".*Did you mean "subscriptions"[^]*viewing_sessions/);
});

test('only validated, nothing is published; validated, what stands there is asked as well', async () => {
  const lakehouse = await shop();
  const only = await lakehouse.run({ validateOnly: true });
  expect([only.run.outcome, only.tables.filter(({ destination }) => destination !== null)]).toEqual(['succeeded', []]);
  const { run, checks } = await lakehouse.run({ validate: true });
  expect(run.outcome).toBe('succeeded');
  const asked = checks.filter(({ name }) => name.startsWith('raw: ') && !name.includes('structure'));
  expect(asked.length).toBe(checks.filter(({ query }) => query !== null).length / 2);
  expect(asked.map(({ name }) => name)).toContain('raw: payments: subscription_id exists in subscriptions');
});

test.each<[string, boolean, string[], string[], Record<string, { failed: number; sample: string[] }>]>([
  [
    'a lost row',
    true,
    [],
    ["DELETE FROM content_attributes WHERE content_id = 17 AND attribute = 'studio'"],
    {
      'content_attributes: has as many rows as its source': {
        failed: 1,
        sample: ['in_source=6000, in_table=5999, quarantined=0'],
      },
    },
  ],
  [
    'a doubled key at the destination',
    true,
    [],
    ['INSERT INTO contents SELECT * FROM contents WHERE content_id = 17'],
    {
      'contents: content_id is unique and never empty': { failed: 1, sample: ['content_id=17'] },
      'contents: slug is unique': { failed: 1, sample: ['slug=title-0017'] },
      'contents: has as many rows as its source': {
        failed: 1,
        sample: ['in_source=1500, in_table=1501, quarantined=0'],
      },
    },
  ],
  [
    'a doubled key at the source',
    false,
    [
      'ALTER TABLE accounts DROP CONSTRAINT accounts_email_key',
      'UPDATE accounts SET email = (SELECT email FROM accounts WHERE account_id = 8) WHERE account_id = 9',
    ],
    [],
    { 'accounts: email is unique': { failed: 1, sample: ['email=customer.0008@example.com'] } },
  ],
  [
    'an orphan of a table that is read whole',
    false,
    [
      'ALTER TABLE payments DROP CONSTRAINT payments_subscription_id_fkey',
      'UPDATE payments SET subscription_id = 999999 WHERE payment_id = 5',
    ],
    [],
    {
      'payments: subscription_id exists in subscriptions': {
        failed: 1,
        sample: ['payment_id=5, subscription_id=999999'],
      },
    },
  ],
  [
    'an orphan among the rows of a part; what they refer to may be of another part',
    true,
    [
      'ALTER TABLE content_attributes DROP CONSTRAINT content_attributes_content_id_fkey',
      `INSERT INTO content_attributes SELECT id, 'mood', 'calm', 'editors', NULL, now(), now() FROM (VALUES (3), (999999)) AS t (id)`,
    ],
    [],
    {
      'content_attributes: content_id exists in contents': {
        failed: 1,
        sample: ['content_id=999999, attribute=mood'],
      },
    },
  ],
  [
    'a value out of its range, one that is not accepted, one that is empty, a rule in SQL',
    false,
    [
      'ALTER TABLE viewing_sessions DROP CONSTRAINT viewing_sessions_watched_seconds_check',
      'UPDATE viewing_sessions SET watched_seconds = -1 WHERE session_id = (SELECT min(session_id::text) FROM viewing_sessions)::uuid',
      'ALTER TABLE accounts DROP CONSTRAINT accounts_status_check',
      "UPDATE accounts SET status = 'lost' WHERE account_id = 11",
      `INSERT INTO subscriptions SELECT 999999, account_id, plan_code, 'active', started_on, NULL, NULL, NULL, NULL, true, created_at, updated_at
        FROM subscriptions WHERE status = 'active' ORDER BY subscription_id LIMIT 1`,
    ],
    [],
    {
      'viewing_sessions: watched_seconds is at least 0': {
        failed: 1,
        sample: [expect.stringContaining('watched_seconds=-1') as string],
      },
      'accounts: status is one of active, paused, cancelled': { failed: 1, sample: ['account_id=11, status=lost'] },
      'subscriptions: an account has one open at a time': {
        failed: 1,
        sample: [expect.stringMatching(/^account_id=\d+, open=2$/) as string],
      },
    },
  ],
])(
  'a fault that was planted is found by the check that should: %s',
  async (_, standsBefore, atSource, atDestination, found) => {
    const lakehouse = await shop();
    if (standsBefore) await lakehouse.run();
    await tellPostgres(lakehouse.url, ...atSource);
    if (atDestination.length > 0) await lakehouse.ask(...atDestination);
    expect(broken(await lakehouse.run())).toEqual(found);
  },
);

test('tables in which nothing has happened for two days are told; samples may be of any age', async () => {
  const stale = await (await shop()).run({ anyAge: false });
  expect(stale.run.outcome).toBe('blocked');
  expect(Object.keys(broken(stale)).filter((name) => name.includes('at most 48h old'))).toHaveLength(5);
  // The test server's clock runs ahead of this one.
  const lately = ['accounts', 'subscriptions', 'contents', 'payments', 'viewing_sessions'].map(
    (table) =>
      `UPDATE ${table} SET updated_at = timestamptz '${stale.run.startedAt}' - interval '30 hours'
        WHERE updated_at = (SELECT max(updated_at) FROM ${table})`,
  );
  const late = await (await shop(...lately)).run({ anyAge: false });
  expect(late.run.outcome).toBe('warned');
  expect(Object.keys(broken(late)).every((name) => name.includes('at most 24h old'))).toBe(true);
});

test('a table that may not be read fails by its name, and the others are published', async () => {
  const lakehouse = await LakehouseShop.make(
    (
      await source(
        "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'reader'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader',
        'REVOKE SELECT ON contents FROM reader',
      )
    ).replace(/\/\/[^@]*@/, '//reader:reader@'),
    time,
  );
  const receipt = await lakehouse.run();
  expect(receipt.run.outcome).toBe('failed');
  expect(receipt.error).toMatchObject({
    type: 'SourceDenied',
    message: expect.stringContaining('public.contents') as string,
  });
  expect(receipt.tables.map(({ name }) => name).sort()).toEqual(
    [...TABLES, 'plan_countries'].filter((name) => name !== 'contents').sort(),
  );
  expect(receipt.checks.map(({ name }) => name)).not.toContain('viewing_sessions: content_id exists in contents');
});

test('a column that is added comes along, with the values of old rows; one that is dropped costs its table', async () => {
  const lakehouse = await shop();
  await lakehouse.run();
  await tellPostgres(
    lakehouse.url,
    "ALTER TABLE contents ADD COLUMN studio text NOT NULL DEFAULT 'unknown'",
    'ALTER TABLE accounts ADD COLUMN points integer',
    'UPDATE accounts SET points = account_id',
    'ALTER TABLE plans ALTER COLUMN billing_months TYPE bigint',
    'ALTER TABLE subscriptions DROP COLUMN cancel_reason',
  );
  const receipt = await lakehouse.run();
  expect(receipt.run.outcome).toBe('failed');
  expect(receipt.error?.message).toMatch(/cancel_reason/);
  expect(readOf(receipt)).toMatchObject({ contents: 1_500, content_attributes: 1 });
  expect(Object.keys(await lakehouse.differences())).toEqual([]);
  expect(broken(receipt)).toMatchObject({
    'contents: evolved': { sample: ['"studio" is new, text'] },
    'accounts: evolved': { sample: ['"points" is new, integer'] },
  });
});

test('the destination is chosen by a setting; Athena is known, and comes later', async () => {
  const url = await source();
  const inDuckdb = await LakehouseShop.make(url, time, { LAKEHOUSE_DESTINATION: 'duckdb' });
  const receipt = await inDuckdb.run({ tables: ['accounts'] });
  expect(receipt.destinations).toMatchObject([{ name: 'raw.duckdb', kind: 'duckdb' }]);
  expect(loadOf(receipt, 'accounts')).toMatchObject({ rows: 2_000, inserted: 2_000 });
  const later = await (await LakehouseShop.make(url, time, { LAKEHOUSE_DESTINATION: 'athena' })).run();
  expect(later.error?.message).toMatch(/Athena[^]*cannot do that yet[^]*Glue database raw, workgroup lakehouse/);
  const unknown = await (await LakehouseShop.make(url, time, { LAKEHOUSE_DESTINATION: 'duckbd' })).run();
  expect(unknown.error?.message).toMatch(/LAKEHOUSE_DESTINATION=duckbd[^]*Did you mean "duckdb"/);
});
