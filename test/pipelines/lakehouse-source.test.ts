import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDatabase } from '../../infra/postgres/fill-database.ts';
import { askPostgres, startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';

const source = join(import.meta.dirname, '../../pipelines/lakehouse/sample/source.sql');

const COUNTS = {
  accounts: 2000,
  content_attributes: 6000,
  contents: 1500,
  payments: 11856,
  plans: 8,
  premium_features: 40,
  subscriptions: 2618,
  viewing_sessions: 10000,
};
const TABLES = Object.keys(COUNTS);

let server: PostgresServer;
let url: string;
let again: string;

beforeAll(async () => {
  server = await startPostgres();
  const urlOf = (database: string) => server.administration().replace(/[^/]*$/, database);
  await ensureDatabase(urlOf, 'source', source, undefined);
  // What a server is set to must not decide what the rows are.
  await tellPostgres(server.administration(), "ALTER ROLE postgres SET TimeZone = 'Asia/Kolkata'");
  await tellPostgres(server.administration(), "ALTER ROLE postgres SET DateStyle = 'German'");
  await ensureDatabase(urlOf, 'again', source, undefined);
  await tellPostgres(server.administration(), 'ALTER ROLE postgres RESET ALL');
  url = urlOf('source');
  again = urlOf('again');
});

afterAll(() => server.stop());

const one = async (database: string, query: string): Promise<string> => {
  const [row] = await askPostgres(database, query);
  return String(Object.values(row ?? {})[0]);
};
/** Of every table, one row with its name and what a query says of it. */
const ofEach = async (database: string, select: (table: string) => string): Promise<Record<string, string>> => {
  const query = TABLES.map((table) => `SELECT '${table}' AS name, (${select(table)})::text AS value`).join(
    ' UNION ALL ',
  );
  const rows = await askPostgres<{ name: string; value: string }>(database, query);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
};

test('it makes these tables with so many rows, and no others', async () => {
  const counts = await ofEach(url, (table) => `SELECT count(*) FROM ${table}`);
  expect(Object.fromEntries(Object.entries(counts).map(([table, count]) => [table, Number(count)]))).toEqual(COUNTS);
  const listed =
    "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'S', 'f')";
  expect(await one(url, listed)).toBe(TABLES.join(','));
  expect(await one(url, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")).toBe('0');
});

test('it makes the same rows every time, on a server that is set otherwise too', async () => {
  const digest = (table: string) =>
    `SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")) FROM ${table} AS t`;
  expect(await ofEach(again, digest)).toEqual(await ofEach(url, digest));
});

test('every table has a primary key, and an index by what a load asks for', async () => {
  const keys = await ofEach(
    url,
    (table) => `SELECT count(*) FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype = 'p'`,
  );
  expect(Object.values(keys)).toEqual(TABLES.map(() => '1'));
  expect(await one(url, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated")).toBe('9');
  const indexed = await one(
    url,
    "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%(updated_at)'",
  );
  expect(indexed).toBe('7');
});

test('every instant lies before the as-of date; every table has rows of the day before it, and rows that were changed late', async () => {
  const newest = await ofEach(
    url,
    (table) => `SELECT (max(greatest(created_at, updated_at)) AT TIME ZONE 'UTC')::date FROM ${table}`,
  );
  expect(newest).toEqual(Object.fromEntries(TABLES.map((table) => [table, '2026-06-29'])));
  const late = await ofEach(
    url,
    (table) => `SELECT count(*) FROM ${table} WHERE updated_at > created_at + interval '30 days'`,
  );
  expect(Object.values(late).filter((count) => Number(count) === 0)).toEqual([]);
});

test.each([
  [
    'payments are of the account that subscribed',
    'SELECT count(*) FROM payments p JOIN subscriptions s USING (subscription_id) WHERE p.account_id <> s.account_id',
  ],
  [
    'nothing is paid for before it was subscribed to, or after it ended',
    'SELECT count(*) FROM payments p JOIN subscriptions s USING (subscription_id) WHERE p.due_on < s.started_on OR p.due_on > s.ended_on',
  ],
  [
    'what succeeded was paid, and nothing else',
    "SELECT count(*) FROM payments WHERE (paid_at IS NOT NULL) <> (status IN ('succeeded', 'refunded'))",
  ],
  [
    'no more is given back than was paid',
    "SELECT count(*) FROM payments WHERE refunded_amount > amount OR (refunded_amount IS NULL) = (status = 'refunded')",
  ],
  [
    'an account has one subscription at a time',
    'SELECT count(*) FROM subscriptions a JOIN subscriptions b ON a.account_id = b.account_id AND a.subscription_id < b.subscription_id WHERE a.ended_on IS NULL OR a.ended_on > b.started_on',
  ],
  [
    'nobody subscribes or watches before signing up',
    'SELECT (SELECT count(*) FROM subscriptions s JOIN accounts a USING (account_id) WHERE s.created_at < a.created_at) + (SELECT count(*) FROM viewing_sessions v JOIN accounts a USING (account_id) WHERE v.created_at < a.created_at)',
  ],
  [
    'nobody watches what is not there yet',
    'SELECT count(*) FROM viewing_sessions v JOIN contents c USING (content_id) WHERE v.created_at < c.created_at',
  ],
  ['nobody was referred by somebody who came later', 'SELECT count(*) FROM accounts WHERE referred_by >= account_id'],
  ['no address is one that somebody could have', "SELECT count(*) FROM accounts WHERE email NOT LIKE '%@example.com'"],
])('%s', async (_says, query) => {
  expect(await one(url, query)).toBe('0');
});

test.each([
  [
    'NULL and the empty text',
    "SELECT count(*) FILTER (WHERE display_name IS NULL) > 0 AND count(*) FILTER (WHERE display_name = '') > 0 FROM accounts",
  ],
  ['letters of other scripts', "SELECT count(*) > 0 FROM accounts WHERE display_name ~ '美咲|Ольга|Łucja'"],
  [
    'decimals that no floating point number holds, within JSON',
    "SELECT bool_and(n::text ~ '^1234567890[0-9]{7}[.]89$') AND bool_or(n <> n::float8::numeric) FROM payments, LATERAL (SELECT (gateway_response ->> 'settlement_reference')::numeric) AS r (n)",
  ],
  [
    'lists of objects',
    "SELECT bool_and(jsonb_typeof(tag -> 'weight') = 'number') AND count(*) > 2000 FROM contents, jsonb_array_elements(tags) AS tag",
  ],
  [
    'empty lists, and lists with a gap',
    "SELECT count(*) FILTER (WHERE audio_languages = '{}') > 0 AND count(*) FILTER (WHERE array_position(audio_languages, NULL) > 0) > 0 FROM contents",
  ],
  ['numbers of any length', 'SELECT max(scale(mean_rating)) > 12 FROM contents'],
  [
    'line breaks and quotation marks',
    "SELECT (SELECT count(*) FROM contents WHERE synopsis LIKE E'%\\n%') > 0 AND (SELECT count(*) FROM subscriptions WHERE cancel_reason LIKE '%\"%') > 0",
  ],
])('there are %s', async (_what, query) => {
  expect(await one(url, query)).toBe('true');
});
