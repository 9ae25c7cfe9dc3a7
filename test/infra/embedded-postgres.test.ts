import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { noteOwner, removeAbandoned } from '../../infra/postgres/abandoned-data.ts';
import { placeElsewhere, type ClusterRecord } from '../../infra/postgres/cluster-record.ts';
import { embeddedDatabases, type EmbeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import { unprivilegedUser } from '../../infra/postgres/unprivileged-user.ts';
import { readRecordIn } from '../../infra/keeper/record.ts';
import { answers } from '../../infra/temporal/probe.ts';
import { askPostgres, tellPostgres } from '../support/postgres.ts';
import { startDatabaseUser, type DatabaseUser } from './support/database-user-process.ts';
import { eventually, isAlive } from './support/processes.ts';
import { listenOn } from './support/listen-on.ts';

const SHOP = `
-- a shop; with a semicolon
CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO goods VALUES (1, 'tea; green'), (2, 'soap'); /* that is
all */
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS $body$ SELECT x * 2; $body$;
`;

let folder: string;
let environmentFolder: string;
let shop: string;
const all: EmbeddedDatabases[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acequia-embedded-'));
  environmentFolder = join(folder, 'dev');
  shop = written('shop.sql', SHOP);
});

afterEach(async () => {
  await Promise.all(all.splice(0).map((databases) => databases.release()));
  const data = readRecordIn<ClusterRecord>(join(environmentFolder, 'postgres'))?.data;
  // Run by root, the data lies elsewhere.
  if (data) rmSync(data.startsWith(folder) ? data : dirname(data), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function written(name: string, sql: string): string {
  const file = join(folder, name);
  writeFileSync(file, sql);
  return file;
}

function databasesHere(): EmbeddedDatabases {
  const databases = embeddedDatabases(environmentFolder);
  all.push(databases);
  return databases;
}

async function userOf(name: string, sqlFile: string): Promise<DatabaseUser> {
  const user = await startDatabaseUser(environmentFolder, name, sqlFile);
  onTestFinished(() => user.kill());
  return user;
}

function record(): ClusterRecord {
  const found = readRecordIn<ClusterRecord>(join(environmentFolder, 'postgres'));
  if (!found) throw new Error('there is no server.json');
  return found;
}

const namesIn = async (url: string): Promise<(string | null | undefined)[]> =>
  (await askPostgres(url, "SELECT datname FROM pg_database WHERE datname NOT LIKE 'template%' ORDER BY 1")).map(
    (row) => row.datname,
  );
const goodsIn = (url: string) => askPostgres(url, 'SELECT id, name FROM goods ORDER BY id');
const host = (url: string): string => new URL(url).host;

test('the first use makes and fills the database; the next one finds it, at the same port; nothing runs after the release', async () => {
  const first = databasesHere();
  const url = await first.url('shop', shop);
  expect(new URL(url)).toMatchObject({ protocol: 'postgresql:', hostname: '127.0.0.1', pathname: '/shop' });
  expect(await goodsIn(url)).toEqual([
    { id: 1, name: 'tea; green' },
    { id: 2, name: 'soap' },
  ]);
  await tellPostgres(url, "INSERT INTO goods VALUES (3, 'kept')");
  const { serverPid, keeperPid } = record();
  await first.release();
  expect(await answers(host(url), 500)).toBe(false);
  expect(isAlive(serverPid)).toBe(false);
  await eventually(() => !isAlive(keeperPid));
  const again = await databasesHere().url('shop', join(folder, 'is needed no more.sql'));
  expect(again).toBe(url);
  expect(await goodsIn(again)).toHaveLength(3);
});

test('its password lies where nobody else may read it, and nobody gets in without', async () => {
  const url = await databasesHere().url('shop', shop);
  const file = join(environmentFolder, 'postgres', 'password');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(new URL(url).password).toBe(readFileSync(file, 'utf8'));
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(askPostgres(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('many who ask at once, in two processes, share one server and one filling', async () => {
  const slow = written('slow.sql', `SELECT pg_sleep(0.5); ${SHOP}`);
  const mine = databasesHere();
  const other = await userOf('shop', slow);
  const urls = await Promise.all([mine.url('shop', slow), mine.url('shop', slow), mine.url('second', shop), other.url]);
  expect(urls.map(host)).toEqual(urls.map(() => host(urls[0])));
  expect(await namesIn(urls[0])).toEqual(['postgres', 'second', 'shop']);
  await mine.release();
  expect(await goodsIn(urls[0])).toHaveLength(2);
  await other.release();
  expect(await answers(host(urls[0]), 500)).toBe(false);
});

test('a user killed by force takes the server along', async () => {
  const user = await userOf('shop', shop);
  const url = await user.url;
  const { serverPid, keeperPid } = record();
  await user.kill();
  await eventually(() => !isAlive(serverPid) && !isAlive(keeperPid));
  expect(await answers(host(url), 500)).toBe(false);
});

test('a filling that is killed is made anew, with the server gone and with the server up', async () => {
  const stuck = written('stuck.sql', `${SHOP}; SELECT pg_sleep(60);`);
  for (const up of [false, true]) {
    const name = up ? 'with_server' : 'without';
    const mine = databasesHere();
    if (up) await mine.url('other', shop);
    const user = await userOf(name, stuck);
    const witness = databasesHere();
    const outside = await witness.url('witness', shop);
    await eventually(async () => (await namesIn(outside)).includes(`${name}_filling`));
    if (!up) await witness.release();
    await user.kill();
    const url = await mine.url(name, shop);
    expect(await goodsIn(url)).toHaveLength(2);
    expect((await namesIn(url)).filter((found) => found?.includes('filling'))).toEqual([]);
    await Promise.all([mine.release(), witness.release()]);
  }
});

test('a filling that is called off fails with the reason, and the next one makes the database', async () => {
  const stuck = written('stuck.sql', `${SHOP}; SELECT pg_sleep(60);`);
  const databases = databasesHere();
  const outside = await databases.url('witness', shop);
  const controller = new AbortController();
  const filling = expect(databases.url('shop', stuck, controller.signal)).rejects.toThrow('called off');
  await eventually(async () => (await namesIn(outside)).includes('shop_filling'));
  controller.abort(new Error('called off'));
  await filling;
  expect(await goodsIn(await databases.url('shop', shop))).toHaveLength(2);
});

test('SQL that does not run is named by line and column, and leaves nothing; others go on', async () => {
  const databases = databasesHere();
  const url = await databases.url('shop', shop);
  const unknown = written('unknown.sql', "CREATE TABLE a (x int);\n\n-- ü\nINSERT INTO a\n  SELECT 'ü', y FROM a;\n");
  await expect(databases.url('broken', unknown)).rejects.toMatchObject({
    name: 'AcequiaError',
    type: 'SourceUnreadable',
    where: `${unknown}:5:15`,
    why: expect.stringContaining('column "y" does not exist') as string,
  });
  const twice = written('twice.sql', 'CREATE TABLE a (x int PRIMARY KEY);\n\nINSERT INTO a VALUES (7), (7);\n');
  await expect(databases.url('broken', twice)).rejects.toMatchObject({
    where: `${twice}:3:1`,
    why: expect.stringContaining('Key (x)=(7) already exists') as string,
  });
  await expect(databases.url('broken', join(folder, 'none.sql'))).rejects.toMatchObject({ type: 'SourceMissing' });
  expect(await namesIn(url)).toEqual(['postgres', 'shop']);
  expect(await goodsIn(await databases.url('broken', shop))).toHaveLength(2);
});

test('a server that dies, and one whose keeper dies, come back at the same address', async () => {
  const databases = databasesHere();
  const url = await databases.url('shop', shop);
  for (const victim of ['serverPid', 'keeperPid'] as const) {
    const before = record();
    process.kill(before[victim], 'SIGKILL');
    await eventually(() => record().serverPid !== before.serverPid);
    expect(await databases.url('shop', shop)).toBe(url);
    expect(await goodsIn(url)).toHaveLength(2);
    expect(isAlive(before.serverPid)).toBe(false);
  }
});

test('a server whose keeper and user were killed together is ended by the next user', async () => {
  const user = await userOf('shop', shop);
  const url = await user.url;
  const { serverPid, keeperPid } = record();
  // Held still, so that it cannot have a new keeper in the moment before it is killed itself.
  process.kill(user.pid, 'SIGSTOP');
  process.kill(keeperPid, 'SIGKILL');
  await user.kill();
  expect(isAlive(serverPid)).toBe(true);
  expect(await databasesHere().url('shop', shop)).toBe(url);
  expect(isAlive(serverPid)).toBe(false);
});

test('a process id from before a restart of the machine, that now is another process, does not keep the server down', async () => {
  const databases = databasesHere();
  await databases.url('shop', shop);
  const pidFile = join(record().data, 'postmaster.pid');
  const content = readFileSync(pidFile, 'utf8');
  await databases.release();
  const namesake = spawn('sleep', ['60'], { ...unprivilegedUser(), stdio: 'ignore' });
  onTestFinished(() => void namesake.kill());
  writeFileSync(pidFile, content.replace(/^\d+/, String(namesake.pid)));
  expect(await goodsIn(await databases.url('shop', shop))).toHaveLength(2);
});

test('a port that is taken meanwhile is given up', async () => {
  const databases = databasesHere();
  const url = await databases.url('shop', shop);
  await databases.release();
  const squatter = await listenOn(Number(new URL(url).port));
  try {
    const moved = await databases.url('shop', shop);
    expect(host(moved)).not.toBe(host(url));
    expect(await goodsIn(moved)).toHaveLength(2);
  } finally {
    squatter.close();
  }
});

test('data of a killed making, and data without its password, are made anew', async () => {
  const databases = databasesHere();
  const url = await databases.url('shop', shop);
  await databases.release();
  const file = join(environmentFolder, 'postgres', 'server.json');
  writeFileSync(file, JSON.stringify({ ...record(), complete: false }));
  rmSync(join(record().data, 'global'), { recursive: true });
  const second = await databases.url('shop', shop);
  expect(await goodsIn(second)).toHaveLength(2);
  expect(new URL(second).password).not.toBe(new URL(url).password);
  await databases.release();
  rmSync(join(environmentFolder, 'postgres', 'password'));
  expect(await goodsIn(await databases.url('shop', shop))).toHaveLength(2);
});

test('damaged data is told with what to do about it', async () => {
  const databases = databasesHere();
  await databases.url('shop', shop);
  await databases.release();
  rmSync(join(record().data, 'global'), { recursive: true });
  await expect(databases.url('shop', shop)).rejects.toMatchObject({
    name: 'AcequiaError',
    type: 'SourceUnreadable',
    where: join(environmentFolder, 'postgres'),
    why: expect.stringMatching(/did not start[^]*global[^]*postgres\.log/) as string,
    remedy: expect.stringContaining(`remove ${join(environmentFolder, 'postgres')}`) as string,
  });
});

test('data that lies elsewhere goes when its environment is gone, and not while that is there', () => {
  const placeOf = (name: string): string => {
    const belongsTo = join(folder, name, 'postgres');
    const place = placeElsewhere(belongsTo);
    mkdirSync(join(place, 'data'), { recursive: true });
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    noteOwner(place, belongsTo);
    return place;
  };
  mkdirSync(join(folder, 'there', 'postgres'), { recursive: true });
  const [gone, there, latest] = [placeOf('gone'), placeOf('there'), placeOf('latest')];
  const foreign = placeOf('foreign');
  noteOwner(foreign, join(folder, 'of another name'));
  removeAbandoned(latest);
  expect([gone, there, latest, foreign].map((place) => existsSync(place))).toEqual([false, true, true, true]);
});

test('a folder that cannot be made is named', async () => {
  mkdirSync(environmentFolder);
  writeFileSync(join(environmentFolder, 'postgres'), 'a file in its place');
  await expect(databasesHere().url('shop', shop)).rejects.toMatchObject({
    why: expect.stringContaining(join(environmentFolder, 'postgres')) as string,
    remedy: expect.stringContaining('ACEQUIA_HOME') as string,
  });
});
