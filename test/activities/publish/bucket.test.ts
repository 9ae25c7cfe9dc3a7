import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { withinObjectScope } from '../../../activities/objects/copies/object-scope.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { workflowOf } from '../../../activities/publish/parquet/write-aside.ts';
import { positionsOf } from '../../../activities/publish/positions.ts';
import { withStandingTables } from '../../../activities/publish/standing-tables.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { startS3 } from '../../support/object-servers.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { publishAs, requestOf, table } from './destinations.ts';
import { counts } from './shop.ts';

const server = await startS3();
Object.assign(process.env, server.environment);
await server.makeBucket('shop');
const { store } = await openObjects('s3://shop');
const { signal } = new AbortController();

const homes: string[] = [];
beforeEach(() => newMachine());
afterAll(() => Promise.all(homes.map((home) => rm(home, { recursive: true, force: true }))));

/** From here on nothing has been fetched yet. */
async function newMachine(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'acequia-home-'));
  homes.push(home);
  process.env['ACEQUIA_HOME'] = home;
  return home;
}

let places = 0;

/** A place of its own in the bucket, and publishing to it one query after another. */
async function newPlace(end = '') {
  const folder = await temporaryFolder();
  const [prefix, remote] = [`p${(places += 1)}/`, { url: () => path, fetch: nothing, put: nothing }];
  const path = `s3://shop/${prefix}${end}`.replace(/\/$/, '');
  let runs = 0;
  const load = async (plan: TablePlan, query: string, more = {}) => {
    const staged = [await stage(folder, plan.name, query)];
    return withinObjectScope(signal, () =>
      publishAs({ folder, kind: 'parquet', path: 'out', remote }, `run-${(runs += 1)}`, [plan], staged, more),
    );
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store.list(prefix, signal)) found.push(key.slice(prefix.length));
    return found;
  };
  return { path, prefix, load, keys };
}

const nothing = (): Promise<void> => Promise.resolve();
const whereOf = (error: unknown): string => String(error).replaceAll(/\s+/g, ' ');

test('a load that is added to many fetches the latest of them alone, and is known however long ago it was', async () => {
  const { load, keys } = await newPlace();
  for (let number = 0; number < 10; number += 1)
    await load(table('append'), `SELECT ${number} AS n${number > 5 ? ", 'new' AS later" : ''}`);
  const home = await newMachine();
  await load(table('append'), 'SELECT 100 AS n');
  expect(await readdir(join(home, 'copies', 'kept'))).toHaveLength(8);
  expect(counts(await load(table('append'), 'SELECT 0 AS n'))).toEqual([['sales', 1, 0, 0, 1, 0]]);
  expect(await keys()).toHaveLength(11);
});

test('what somebody else has put there is neither replaced nor named by a path of this machine', async () => {
  const { path, prefix, load } = await newPlace();
  const folder = await temporaryFolder();
  await withSession(undefined, (session) =>
    session.run(`COPY (SELECT 1 AS n) TO '${folder}/sales.parquet' (FORMAT parquet)`),
  );
  await store.upload(join(folder, 'sales.parquet'), `${prefix}sales.parquet`, { signal, onBytes: () => undefined });
  const refused = await load(table('replace'), 'SELECT 2 AS n').catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: 'DestinationNotOurs', where: path });
  expect(whereOf(refused)).toContain(`${path}/sales.parquet carries no ledger`);
  const other = await load(table('append'), 'SELECT 2 AS n').catch((error: unknown) => error);
  expect(whereOf(other)).toContain(`is there in another layout: ${path}/sales.parquet`);
  for (const error of [refused, other]) expect(whereOf(error)).not.toContain(process.env['ACEQUIA_HOME']);
});

test('objects that are no Parquet, or whose names could be no path, are not looked at', async () => {
  const { prefix, load, keys } = await newPlace();
  const strange = ['sales/.hidden/x.parquet', 'sales/notes.txt'];
  for (const name of strange) await store.write(prefix + name, 'not Parquet', signal);
  await load(table('append'), 'SELECT 1 AS n');
  await load(table('append'), 'SELECT 2 AS n');
  expect(await keys()).toEqual(expect.arrayContaining(strange));
});

test('what a killed publication has put aside goes with the next one of its workflow', async () => {
  const { prefix, load, keys } = await newPlace();
  const plan = table('replace', { key: ['n'], partitionBy: ['n'] });
  await load(plan, "SELECT unnest([1, 2]) AS n, 'x' AS m");
  expect(await keys()).toEqual(['sales/n=1/sales.parquet', 'sales/n=2/sales.parquet']);
  const own = workflowOf(requestOf('/', 'killed').run);
  for (const owner of ['elsewhere', own]) await store.write(`${prefix}.acequia/${owner}/x/0.part`, 'half', signal);
  await load(plan, "SELECT unnest([2, 3]) AS n, 'x' AS m");
  expect(await keys()).toEqual(['.acequia/elsewhere/x/0.part', 'sales/n=2/sales.parquet', 'sales/n=3/sales.parquet']);
});

test('a note that somebody has changed is not followed', async () => {
  const { path, prefix, load } = await newPlace();
  for (const note of ['{', '{"moves":[{"aside":"a","to":"../x","was":null}],"removes":[]}', '{"moves":{}}']) {
    await store.write(`${prefix}.acequia-commit.json`, note, signal);
    await expect(load(table('replace'), 'SELECT 1 AS n')).rejects.toMatchObject({
      type: 'DestinationNotOurs',
      where: `${path}/.acequia-commit.json`,
    });
  }
});

test('checks on what stands there, and positions, are of what is in the bucket', async () => {
  const { path, load } = await newPlace('sales.parquet');
  await load(table('merge', { key: ['n'] }), 'SELECT unnest([1, 2]) AS n', { positions: { sales: '42' } });
  await newMachine();
  const plan = table('merge', { key: ['n'] });
  const place = { kind: 'parquet', path } as const;
  const sum = await withSession(undefined, (session) =>
    withStandingTables(session, { place, tables: [plan] }, { variables: {}, signal }, (standing) =>
      session.count(`SELECT sum(n) FROM ${standing.get('sales')?.relation ?? ''}`),
    ),
  );
  const destination = { name: 'shop', ...place, tables: [plan] };
  expect([
    sum,
    await positionsOf({ run: requestOf('/', 'run').run, destination }, quietWork(), { variables: {} }),
  ]).toEqual([3, { sales: ['42'] }]);
});

test('a bucket that is not there is told as that', async () => {
  const folder = await temporaryFolder();
  const remote = { url: () => 's3://no-such-bucket/x', fetch: nothing, put: nothing };
  const publish = async () =>
    publishAs(
      { folder, kind: 'parquet', path: 'out', remote },
      'run',
      [table('replace')],
      [await stage(folder, 'sales', 'SELECT 1 AS n')],
    );
  await expect(publish()).rejects.toMatchObject({ type: 'BucketMissing' });
});
