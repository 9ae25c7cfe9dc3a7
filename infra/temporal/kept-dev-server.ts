import { existsSync, rmSync } from 'node:fs';
import type { ServerFacts } from '../keeper/keeper-protocol.ts';
import type { KeptServer, ServerKind } from '../keeper/kept-server.ts';
import { stopOrphan } from '../keeper/orphan.ts';
import { startOnPorts } from '../keeper/start-on-ports.ts';
import { startDevServer, type DevServer } from './dev-server.ts';
import { databaseFile, logFile, readRecord, writeRecord, type Ports, type ServerRecord } from './server-record.ts';

/** How the keeper of a dev server is started: the one argument of its program, as JSON. */
export interface DevServerRequest {
  /** Real path of the folder that holds this environment's state. */
  readonly environmentFolder: string;
  /** Full path of the `temporal` program. */
  readonly temporal: string;
}

export interface DevServerFacts extends ServerFacts {
  readonly uiUrl: string;
  readonly dbFile: string;
}

interface KeptDevServer extends KeptServer {
  readonly facts: DevServerFacts;
  readonly ports: readonly number[];
  readonly process: DevServer;
}

/** Temporal's dev server, as a keeper sees it. What its users want are search attributes, all of type Keyword. */
export function devServers(request: DevServerRequest): ServerKind<KeptDevServer> {
  return {
    name: 'Temporal server',
    folder: request.environmentFolder,
    bringUp: (wants, before) => bringUp(request, wants, before?.ports),
    offer: (server, wants) => offer(request, server, wants),
  };
}

async function bringUp(
  request: DevServerRequest,
  searchAttributes: readonly string[],
  fixed?: readonly number[],
): Promise<KeptDevServer> {
  const { environmentFolder: folder } = request;
  const record = readRecord(folder);
  const justEnded = !fixed && (await stopOrphan(orphanKind(folder), record));
  const remembered = record && [record.ports.grpc, record.ports.ui];
  return startOnPorts({ folder, count: 2, remembered, fixed, justEnded }, ([grpc = 0, ui = 0]) =>
    start(request, { grpc, ui }, searchAttributes),
  );
}

function orphanKind(folder: string) {
  const data = databaseFile(folder);
  const isServer = (line: string): boolean => line.includes('start-dev') && line.includes(data);
  return { name: 'Temporal server', data, isServer, signal: 'SIGKILL' } as const;
}

async function start(request: DevServerRequest, ports: Ports, wanted: readonly string[]): Promise<KeptDevServer> {
  const { environmentFolder, temporal } = request;
  const dbFile = databaseFile(environmentFolder);
  const before = readRecord(environmentFolder);
  if (before?.databaseComplete === false) removeDatabase(dbFile);
  const fresh = !existsSync(dbFile);
  const searchAttributes = [...new Set([...(before?.searchAttributes ?? []), ...wanted])];
  const server = startDevServer({ temporal, ports, dbFile, logFile: logFile(environmentFolder), searchAttributes });
  const record: ServerRecord = {
    ports,
    serverPid: server.pid,
    keeperPid: process.pid,
    databaseComplete: !fresh,
    searchAttributes: before?.searchAttributes ?? [],
  };
  try {
    writeRecord(environmentFolder, record);
    await server.ready();
    const missing = fresh ? [] : searchAttributes.filter((name) => !record.searchAttributes.includes(name));
    if (missing.length > 0) await server.addSearchAttributes(missing);
    writeRecord(environmentFolder, { ...record, databaseComplete: true, searchAttributes });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    facts: { address: `127.0.0.1:${ports.grpc}`, uiUrl: `http://127.0.0.1:${ports.ui}`, pid: server.pid, dbFile },
    ports: [ports.grpc, ports.ui],
    process: server,
    ended: server.ended,
    stop: () => server.stop(),
  };
}

/** Registers what a further user needs and the server lacks. */
async function offer(request: DevServerRequest, server: KeptDevServer, wanted: readonly string[]): Promise<void> {
  const record = readRecord(request.environmentFolder);
  const missing = wanted.filter((name) => !record?.searchAttributes.includes(name));
  if (missing.length === 0 || !record) return;
  await server.process.addSearchAttributes(missing);
  writeRecord(request.environmentFolder, { ...record, searchAttributes: [...record.searchAttributes, ...missing] });
}

function removeDatabase(dbFile: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(dbFile + ending, { force: true });
}
