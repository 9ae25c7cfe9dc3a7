import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { translateFailure } from '../../../activities/failure/translate.ts';
import { connectionParts } from '../../../activities/postgres/connection.ts';
import { askPostgres, tellPostgres, withPostgres } from '../../support/postgres.ts';
import { quietWork } from '../../support/work.ts';
import { postgresServer, table } from './destinations.ts';
import { changed, failureOf, postgresSchema } from './postgres-schema.ts';
import { counts } from './shop.ts';

const ONE = "SELECT 1::BIGINT AS id, 'a' AS note";
const TWO = "SELECT 2::BIGINT AS id, 'b' AS note";

/** With every sign that a URL must encode. */
const PASSWORD = "s3cret /:@%&?#'\\é";

/** None of these forms of a password is told. */
function requireSecrecy(error: unknown): void {
  const told = inspect(error, { depth: 9 }) + inspect(translateFailure(error), { depth: 9 });
  for (const form of [PASSWORD, encodeURIComponent(PASSWORD), encodeURI(PASSWORD), 's3cret'])
    expect(told).not.toContain(form);
}

test.each<[string, (parts: URL) => void, string, RegExp]>([
  ['a server that is down', (url) => (url.port = '1'), 'DestinationUnreachable', /port 1 failed: Connection refused/],
  ['an unknown host', (url) => (url.hostname = 'no-such-host.invalid'), 'DestinationUnreachable', /host name "no-such-host.invalid"/],
  ['a wrong password', () => undefined, 'DestinationDenied', /password authentication failed for user "postgres"/],
  ['an unknown database', (url) => { url.pathname = '/nobody'; url.password = 'acequia'; }, 'DestinationMissing', /database "nobody" does not exist/],
  ['an unknown user', (url) => (url.username = 'nobody'), 'DestinationDenied', /user "nobody"/],
  ['a wrong password among the parameters', (url) => { url.password = ''; url.searchParams.set('password', PASSWORD); }, 'DestinationDenied', /authentication failed/],
  ['no TLS on the server', (url) => url.searchParams.set('sslmode', 'require'), 'DefinitionInvalid', /does not support SSL/],
  ['an unknown option', (url) => url.searchParams.set('sslmoed', 'disable'), 'DefinitionInvalid', /invalid connection option "sslmoed"/],
  ['a wrong value of an option', (url) => url.searchParams.set('sslmode', 'perhaps'), 'DefinitionInvalid', /invalid sslmode value/],
])('%s: one sentence of the server itself, without the password', async (_, change, type, message) => {
  const { url, load } = await postgresSchema();
  const wrong = changed(url, (parts) => {
    parts.password = encodeURIComponent(PASSWORD);
    change(parts);
  });
  const failure = await failureOf(load(table('append'), ONE, { url: wrong }));
  expect(failure).toMatchObject({ type, message: expect.stringMatching(message) as string });
  expect(String(failure)).toMatch(/where: postgres:WAREHOUSE_URL\n {2}why: {3}[^\n]*\n {2}to do: .*$/);
  expect(String(failure)).not.toMatch(/application_name|keepalives|Unable to connect to Postgres at/);
  requireSecrecy(failure);
}); // prettier-ignore

test.each([
  [null, 'SettingMissing'],
  ['', 'SettingMissing'],
  ['localhost:5432', 'DefinitionInvalid'],
  ['mysql://user:s3cret@host/db', 'DefinitionInvalid'],
  ['postgresql://', 'DefinitionInvalid'],
  ['postgresql://user:s3cret@host:99999/db', 'DefinitionInvalid'],
  ['postgresql://user:s3cret%zz@host/db', 'DefinitionInvalid'],
  ['postgresql://user:s3cret and more@host/db', 'DefinitionInvalid'],
])('a setting of %j says what is expected, and not what it holds', async (url, type) => {
  const { load } = await postgresSchema();
  const failure = await failureOf(load(table('append'), ONE, { url }));
  expect(failure).toMatchObject({
    type,
    message: expect.stringMatching(/WAREHOUSE_URL[^]*postgresql:\/\/user:password@host:5432\/database/) as string,
  });
  requireSecrecy(failure);
});

test('a URL may have options, and names with every sign, percent-encoded', async () => {
  const { url, load, schema } = await postgresSchema();
  const [role, database] = ["o'dd @user", 'a b/c%20ñ'];
  await (await postgresServer()).database(database);
  await tellPostgres(url, `CREATE ROLE "${role}" LOGIN SUPERUSER PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
  const odd = changed(url, (parts) => {
    parts.username = encodeURIComponent(role);
    parts.password = encodeURIComponent(PASSWORD);
    parts.pathname = `/${encodeURIComponent(database)}`;
    for (const [key, value] of [['sslmode', 'disable'], ['application_name', "it's us"], ['connect_timeout', '5']] as const) parts.searchParams.set(key, value);
  });
  expect(counts(await load(table('append'), ONE, { url: odd, schema: 'My "odd" schema, 100 % é' }))).toEqual([['sales', 1, 1, 0, 0, 0]]);
  const there = changed(url, (parts) => (parts.pathname = `/${encodeURIComponent(database)}`));
  expect(await askPostgres(there, 'SELECT note FROM "My ""odd"" schema, 100 % é".sales')).toEqual([{ note: 'a' }]);
  expect(await askPostgres(url, `SELECT count(*) AS n FROM pg_class WHERE relnamespace = '"${schema}"'::regnamespace`)).toEqual([{ n: '0' }]);
}); // prettier-ignore

test('a host may be an IPv6 address or a socket, and parameters may say who and where', () => {
  expect(connectionParts('postgresql://u@[::1]:5433/db').secret).toEqual({ HOST: '::1', PORT: '5433', USER: 'u', DATABASE: 'db' });
  const { secret, options } = connectionParts('postgres:///db?host=/run/postgresql&user=me&password=x%20y&schema=raw');
  expect(secret).toEqual({ HOST: '/run/postgresql', USER: 'me', PASSWORD: 'x y', DATABASE: 'db' });
  expect(options).not.toMatch(/host|user|password|schema/);
}); // prettier-ignore

/** Somebody who may only do what the schema's owner allows; `url` leads in as that role. */
async function guest() {
  const made = await postgresSchema();
  const role = `guest_${made.schema}`;
  await made.tell(`CREATE ROLE ${role} LOGIN PASSWORD 'guest'`);
  const url = changed(made.url, (parts) => {
    parts.username = role;
    parts.password = 'guest';
  });
  return { ...made, role, guest: { url } };
}

test('who may not create a schema or a table is told so, and may once it is granted', async () => {
  const { url, schema, role, guest: by, load, tell, contents } = await guest();
  const fresh = { ...by, schema: `${schema}_new` };
  await expect(load(table('append'), ONE, fresh)).rejects.toMatchObject({ type: 'DestinationDenied', why: expect.stringMatching(/^permission denied for database/) as string });
  await tell(`GRANT CREATE ON DATABASE "${new URL(url).pathname.slice(1)}" TO ${role}`);
  expect(counts(await load(table('append'), ONE, fresh))).toEqual([['sales', 1, 1, 0, 0, 0]]);
  await expect(load(table('append'), ONE, by)).rejects.toMatchObject({ type: 'DestinationDenied', why: expect.stringMatching(/^permission denied for schema/) as string });
  expect(await contents()).toEqual([]);
  await tell(`GRANT ALL ON SCHEMA "${schema}" TO ${role}`);
  expect(counts(await load(table('append'), ONE, by))).toEqual([['sales', 1, 1, 0, 0, 0]]);
}); // prettier-ignore

test.each([
  ['append', 'GRANT SELECT, INSERT ON sales TO guest', /^permission denied for table sales/],
  ['merge', 'GRANT SELECT, INSERT, UPDATE ON sales TO guest', /^permission denied for table sales/],
  ['replace', 'ALTER TABLE sales OWNER TO guest', /^must be owner of table sales/],
] as const)('a table of another owner is left as it is (%s), until that one allows it', async (mode, allow, why) => {
  const { schema, role, guest: by, load, tell, rows, contents } = await guest();
  const plan = table(mode, { key: mode === 'append' ? [] : ['id'] });
  await load(plan, ONE);
  await tell(`GRANT ALL ON SCHEMA "${schema}" TO ${role}; GRANT ALL ON _acequia_ledger TO ${role}; GRANT SELECT ON sales TO ${role}`);
  const before = await contents();
  await expect(load(plan, TWO, by)).rejects.toMatchObject({ type: 'DestinationDenied', why: expect.stringMatching(why) as string });
  expect([await contents(), await rows()]).toEqual([before, ['(1,a)']]);
  await tell(allow.replace('guest', role));
  await load(plan, TWO, by);
  expect(await rows()).toEqual(mode === 'replace' ? ['(2,b)'] : ['(1,a)', '(2,b)']);
}); // prettier-ignore

test.each(['append', 'replace'] as const)('a read-only user is told so (%s), and publishes once it may write', async (mode) => {
  const { schema, role, guest: by, load, tell, rows } = await guest();
  await tell(`GRANT ALL ON SCHEMA "${schema}" TO ${role}`);
  await load(table(mode), ONE, by);
  await tell(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
  await expect(load(table(mode), TWO, by)).rejects.toMatchObject({ type: 'DestinationUnwritable', what: 'This Postgres is read-only. Nothing was changed.' });
  expect(await rows()).toEqual(['(1,a)']);
  await tell(`ALTER ROLE ${role} RESET default_transaction_read_only`);
  expect((await load(table(mode), TWO, by))[0]?.inserted).toBe(1);
}); // prettier-ignore

test('rows that a policy hides are not taken for missing', async () => {
  const { schema, role, guest: by, load, tell, rows } = await guest();
  const merge = table('merge', { key: ['id'] });
  await load(merge, ONE);
  await tell(
    `GRANT ALL ON SCHEMA "${schema}" TO ${role}; GRANT ALL ON _acequia_ledger, sales TO ${role};
     ALTER TABLE sales DROP CONSTRAINT sales_pkey; ALTER TABLE sales ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON sales USING (false) WITH CHECK (true)`,
  );
  await expect(load(merge, "SELECT 1::BIGINT AS id, 'x' AS note", by)).rejects.toMatchObject({
    type: 'DestinationDenied',
    why: 'query would be affected by row-level security policy for table "sales"',
  });
  expect(await rows()).toEqual(['(1,a)']);
  await tell(`ALTER ROLE ${role} BYPASSRLS`);
  await load(merge, "SELECT 1::BIGINT AS id, 'x' AS note", by);
  expect(await rows()).toEqual(['(1,x)']);
});

test('whoever waits for a lock gives up in time, and publishes once it is let go', async () => {
  const { url, schema, load, rows } = await postgresSchema();
  const by = { url: changed(url, (parts) => parts.searchParams.set('options', '-c lock_timeout=150ms')) };
  await load(table('append'), ONE);
  await withPostgres(url, async (holder) => {
    await holder.run('BEGIN TRANSACTION');
    await holder.run(`CALL postgres_execute('server', 'LOCK TABLE "${schema}".sales IN ACCESS EXCLUSIVE MODE')`);
    for (const mode of ['append', 'merge'] as const)
      await expect(load(table(mode, { key: ['id'] }), TWO, by)).rejects.toMatchObject({
        type: 'DestinationBusy',
        why: 'canceling statement due to lock timeout',
      });
    await holder.run('ROLLBACK');
  });
  await load(table('append'), TWO, by);
  expect(await rows()).toEqual(['(1,a)', '(2,b)']);
});

test('too many connections are told as what passes by itself', async () => {
  const { schema, role, guest: by, load, tell } = await guest();
  await tell(`GRANT ALL ON SCHEMA "${schema}" TO ${role}; ALTER ROLE ${role} CONNECTION LIMIT 1`);
  await withPostgres(by.url, async () => {
    await expect(load(table('append'), ONE, by)).rejects.toMatchObject({
      type: 'DestinationUnreachable',
      why: expect.stringMatching(/^too many connections for role/) as string,
    });
  });
  expect(counts(await load(table('append'), ONE, by))).toEqual([['sales', 1, 1, 0, 0, 0]]);
});

test('a server that stops in the middle leaves nothing, and the next run publishes', async () => {
  const { load, rows, contents } = await postgresSchema();
  await load(table('append'), ONE);
  const before = await contents();
  const server = await postgresServer();
  let stopped: Promise<void> | undefined;
  const work = {
    ...quietWork(),
    report: ({ step }: { step: string }) => {
      if (step !== 'publishing sales') return;
      stopped = server.stop('SIGQUIT');
      // The server is gone before the next statement is sent.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    },
  };
  await expect(load(table('append'), TWO, { work })).rejects.toMatchObject({ type: 'DestinationUnreachable' });
  await stopped;
  await server.start();
  expect([await contents(), await rows()]).toEqual([before, ['(1,a)']]);
  await load(table('append'), TWO);
  expect(await rows()).toEqual(['(1,a)', '(2,b)']);
});
