import { existsSync, rmSync } from 'node:fs';
import { startDevServer, type DevServer } from './dev-server.ts';
import { stopOrphan } from './orphan.ts';
import { choosePorts } from './ports.ts';
import { ServerFailure } from './server-failure.ts';
import { databaseFile, logFile, readRecord, writeRecord, type Ports, type ServerRecord } from './server-record.ts';
import type { KeeperRequest, ServerFacts } from './keeper-protocol.ts';

const portTries = 5;
/** How long a restart waits for its own ports before it gives up. */
const samePortsMs = 5_000;

/** A dev server in working order, with what its users need to know. */
export interface KeptServer {
  readonly facts: ServerFacts;
  readonly ports: Ports;
  readonly process: DevServer;
}

/**
 * Brings the server of an environment up, on the ports it had before if they are free.
 * @param onPorts given when its users already know its ports: then no others will do
 */
export async function bringUp(
  request: KeeperRequest,
  searchAttributes: readonly string[],
  onPorts?: Ports,
): Promise<KeptServer> {
  const { environmentFolder } = request;
  const record = readRecord(environmentFolder);
  const orphaned = !onPorts && (await stopOrphan(environmentFolder, record));
  const deadline = Date.now() + samePortsMs;
  for (let attempt = 1; ; attempt++) {
    const remembered = attempt === 1 ? record?.ports : undefined;
    const ports = onPorts ?? (await choosePorts(environmentFolder, remembered, orphaned ? samePortsMs : 0));
    try {
      return await start(request, ports, searchAttributes);
    } catch (error) {
      const again =
        error instanceof ServerFailure && error.portTaken && (onPorts ? Date.now() < deadline : attempt < portTries);
      if (!again) throw error;
      if (onPorts) await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function start(request: KeeperRequest, ports: Ports, wanted: readonly string[]): Promise<KeptServer> {
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
  const facts = { address: `127.0.0.1:${ports.grpc}`, uiUrl: `http://127.0.0.1:${ports.ui}`, pid: server.pid, dbFile };
  return { facts, ports, process: server };
}

/** Registers what a further user needs and the server lacks. */
export async function offer(request: KeeperRequest, server: KeptServer, wanted: readonly string[]): Promise<void> {
  const record = readRecord(request.environmentFolder);
  const missing = wanted.filter((name) => !record?.searchAttributes.includes(name));
  if (missing.length === 0 || !record) return;
  await server.process.addSearchAttributes(missing);
  writeRecord(request.environmentFolder, { ...record, searchAttributes: [...record.searchAttributes, ...missing] });
}

function removeDatabase(dbFile: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(dbFile + ending, { force: true });
}
