import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { tellPostgres } from '../support/postgres.ts';
import { TABLES } from './support/lakehouse-rows.ts';
import { broken, useLakehouses } from './support/lakehouse-shop.ts';

const lakehouses = useLakehouses();
const { shop, source } = lakehouses;

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
  await lakehouses.server().stop('SIGKILL');
  await lakehouses.server().start();
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

test('a table that may not be read fails by its name, and the others are published', async () => {
  const lakehouse = await lakehouses.over(
    (
      await source(
        "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'reader'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader',
        'REVOKE SELECT ON contents FROM reader',
      )
    ).replace(/\/\/[^@]*@/, '//reader:reader@'),
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
  const inDuckdb = await lakehouses.over(url, { LAKEHOUSE_DESTINATION: 'duckdb' });
  const receipt = await inDuckdb.run({ tables: ['accounts'] });
  expect(receipt.destinations).toMatchObject([{ name: 'raw.duckdb', kind: 'duckdb' }]);
  expect(loadOf(receipt, 'accounts')).toMatchObject({ rows: 2_000, inserted: 2_000 });
  const later = await (await lakehouses.over(url, { LAKEHOUSE_DESTINATION: 'athena' })).run();
  expect(later.error?.message).toMatch(/Athena[^]*cannot do that yet[^]*Glue database raw, workgroup lakehouse/);
  const unknown = await (await lakehouses.over(url, { LAKEHOUSE_DESTINATION: 'duckbd' })).run();
  expect(unknown.error?.message).toMatch(/LAKEHOUSE_DESTINATION=duckbd[^]*Did you mean "duckdb"/);
});
