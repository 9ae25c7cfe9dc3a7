import { expect, test } from 'vitest';
import { tellPostgres } from '../support/postgres.ts';
import { broken, useLakehouses } from './support/lakehouse-shop.ts';

const { shop } = useLakehouses();

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
