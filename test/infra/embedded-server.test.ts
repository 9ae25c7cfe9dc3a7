import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection, Client } from '@temporalio/client';
import { acquireEmbeddedServer, type EmbeddedServer } from '../../infra/temporal/embedded-server.ts';
import { answers } from '../../infra/temporal/probe.ts';
import { readRecord } from '../../infra/temporal/server-record.ts';
import { startHolder } from './support/holder-process.ts';
import { eventually, isAlive } from './support/processes.ts';
import { listenOn } from './support/listen-on.ts';

let folder: string;
let environmentFolder: string;
const holds: EmbeddedServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acequia-embedded-'));
  environmentFolder = join(folder, 'dev');
});

afterEach(async () => {
  await Promise.all(holds.splice(0).map((hold) => hold.release()));
  rmSync(folder, { recursive: true, force: true });
});

async function acquire(searchAttributes: readonly string[] = []): Promise<EmbeddedServer> {
  const hold = await acquireEmbeddedServer({ environmentFolder, searchAttributes });
  holds.push(hold);
  return hold;
}

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

const withClient = <T>(address: string, use: (client: Client) => Promise<T>) =>
  withConnection(address, (connection) => use(new Client({ connection })));

const startWorkflow = (address: string, workflowId: string) =>
  withClient(address, (client) => client.workflow.start('nobodyRunsThis', { workflowId, taskQueue: 'nobody' }));

function pids(): { serverPid: number; keeperPid: number } {
  const record = readRecord(environmentFolder);
  if (!record) throw new Error('there is no server.json');
  return record;
}

test('a server takes workflows the moment it is acquired, and nothing is left after the release', async () => {
  const server = await acquire(['AcequiaPipeline']);
  await startWorkflow(server.address, 'first');
  const { serverPid, keeperPid } = pids();
  expect(statSync(environmentFolder).mode & 0o777).toBe(0o700);
  await server.release();
  expect(await answers(server.address, 500)).toBe(false);
  expect(await answers(new URL(server.uiUrl).host, 500)).toBe(false);
  expect(isAlive(serverPid)).toBe(false);
  await eventually(() => !isAlive(keeperPid));
});

test('two users share one server; it stays until the second lets go', async () => {
  const [one, two] = await Promise.all([acquire(), acquire()]);
  expect(two.address).toBe(one.address);
  await one.release();
  expect(await answers(two.address, 500)).toBe(true);
  await two.release();
  expect(await answers(two.address, 500)).toBe(false);
});

test('a user in another process keeps the server up; killed by force, it takes the server along', async () => {
  const holder = await startHolder(environmentFolder);
  const mine = await acquire();
  expect(mine.address).toBe(holder.address);
  const { serverPid, keeperPid } = pids();
  await mine.release();
  expect(await answers(holder.address, 500)).toBe(true);
  await holder.kill();
  await eventually(() => !isAlive(serverPid) && !isAlive(keeperPid));
  expect(await answers(holder.address, 500)).toBe(false);
});

test('ports and history outlive the server', async () => {
  const before = await acquire();
  await startWorkflow(before.address, 'kept');
  await before.release();
  const after = await acquire();
  expect(after.address).toBe(before.address);
  expect(after.uiUrl).toBe(before.uiUrl);
  const status = await withClient(after.address, (client) => client.workflow.getHandle('kept').describe());
  expect(status.status.name).toBe('RUNNING');
});

test('a remembered port that is taken meanwhile is given up', async () => {
  const before = await acquire();
  await before.release();
  const squatter = await listenOn(Number(before.address.split(':')[1]));
  try {
    const after = await acquire();
    expect(after.address).not.toBe(before.address);
  } finally {
    squatter.close();
  }
});

test('a server that dies comes back on its port with its history', async () => {
  const server = await acquire();
  await startWorkflow(server.address, 'survivor');
  const { serverPid } = pids();
  process.kill(serverPid, 'SIGKILL');
  await eventually(() => pids().serverPid !== serverPid && answers(server.address, 500));
  const found = await withClient(server.address, (client) => client.workflow.getHandle('survivor').describe());
  expect(found.status.name).toBe('RUNNING');
});

test('a keeper killed by force leaves no orphan: the next user starts one new server', async () => {
  const holder = await startHolder(environmentFolder);
  const { serverPid, keeperPid } = pids();
  // Held still, so that it cannot have a new keeper in the moment before it is killed itself.
  process.kill(holder.pid, 'SIGSTOP');
  process.kill(keeperPid, 'SIGKILL');
  await holder.kill();
  expect(isAlive(serverPid)).toBe(true);
  const mine = await acquire();
  expect(mine.address).toBe(holder.address);
  expect(isAlive(serverPid)).toBe(false);
  const replaced = pids().serverPid;
  await mine.release();
  expect(isAlive(replaced)).toBe(false);
});

test('a user whose keeper is killed gets the server back at the same address', async () => {
  const server = await acquire();
  const { serverPid, keeperPid } = pids();
  process.kill(keeperPid, 'SIGKILL');
  await eventually(() => pids().serverPid !== serverPid && answers(server.address, 500));
  await startWorkflow(server.address, 'after');
  expect(isAlive(serverPid)).toBe(false);
  await server.release();
  expect(await answers(server.address, 500)).toBe(false);
});

test('search attributes that a later user needs are added to the running server and to its old database', async () => {
  const attributesOf = (address: string) =>
    withConnection(address, async ({ operatorService }) => {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'default' });
      return Object.keys(customAttributes);
    });
  const first = await acquire(['AcequiaPipeline']);
  const second = await acquire(['AcequiaPipeline', 'AcequiaOutcome']);
  expect(await attributesOf(second.address)).toEqual(expect.arrayContaining(['AcequiaPipeline', 'AcequiaOutcome']));
  await Promise.all([first.release(), second.release()]);
  const third = await acquire(['AcequiaEnvironment']);
  expect(await attributesOf(third.address)).toEqual(
    expect.arrayContaining(['AcequiaPipeline', 'AcequiaOutcome', 'AcequiaEnvironment']),
  );
});

test('a damaged database is named, with what to do about it', async () => {
  mkdirSync(environmentFolder, { recursive: true });
  writeFileSync(join(environmentFolder, 'temporal.db'), 'this is not a database, whatever its name says');
  await expect(acquire()).rejects.toThrow(/not a database[^]*temporal\.db[^]*mkdir/);
});

test('a database half made by a killed start is made anew', async () => {
  mkdirSync(environmentFolder, { recursive: true });
  writeFileSync(join(environmentFolder, 'temporal.db'), 'half of a database');
  const record = {
    ports: { grpc: 1, ui: 2 },
    serverPid: 0,
    keeperPid: 0,
    databaseComplete: false,
    searchAttributes: [],
  };
  writeFileSync(join(environmentFolder, 'server.json'), JSON.stringify(record));
  const server = await acquire();
  await startWorkflow(server.address, 'new');
});
