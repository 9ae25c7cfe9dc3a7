import type { ServerFacts } from '../keeper/keeper-protocol.ts';
import type { KeptServer, ServerKind } from '../keeper/kept-server.ts';
import { stopOrphan } from '../keeper/orphan.ts';
import { readRecordIn, writeRecordIn } from '../keeper/record.ts';
import { startOnPorts } from '../keeper/start-on-ports.ts';
import { ensureCluster } from './cluster.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { isServerOn, startPostgresServer } from './postgres-server.ts';
import type { PostgresPrograms } from './programs.ts';

/** How the keeper of a Postgres is started: the one argument of its program, as JSON. */
export interface PostgresRequest {
  /** Real path of the environment's folder for Postgres. */
  readonly folder: string;
  readonly programs: PostgresPrograms;
}

interface KeptPostgres extends KeptServer {
  readonly facts: ServerFacts;
  readonly port: number;
}

/** Postgres, as a keeper sees it. Its users want nothing of it but that it is up: databases they make themselves. */
export function postgresServers(request: PostgresRequest): ServerKind<KeptPostgres> {
  return {
    name: 'Postgres',
    folder: request.folder,
    bringUp: (_wants, before) => bringUp(request, before?.port),
    offer: () => Promise.resolve(),
  };
}

async function bringUp({ folder, programs }: PostgresRequest, samePort?: number): Promise<KeptPostgres> {
  const found = readRecordIn<ClusterRecord>(folder);
  const justEnded = samePort === undefined && found !== undefined && (await stopOrphan(orphanKind(found.data), found));
  const { data, port: remembered } = await ensureCluster(folder, programs);
  const wish = {
    folder,
    count: 1,
    remembered: remembered === undefined ? undefined : [remembered],
    fixed: samePort === undefined ? undefined : [samePort],
    justEnded,
  };
  return startOnPorts(wish, ([port = 0]) => start(folder, programs, data, port));
}

/** Asked by force to end, it still ends what it has started; killed, it would leave that behind on the data for a while. */
function orphanKind(data: string) {
  return { name: 'Postgres', data, isServer: (line: string) => isServerOn(data, line), signal: 'SIGQUIT' } as const;
}

async function start(folder: string, { bin }: PostgresPrograms, data: string, port: number): Promise<KeptPostgres> {
  const server = startPostgresServer({ bin, data, port, folder });
  try {
    const record: ClusterRecord = { port, data, complete: true, serverPid: server.pid, keeperPid: process.pid };
    writeRecordIn(folder, record);
    await server.ready();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    facts: { address: `127.0.0.1:${port}`, pid: server.pid },
    port,
    ended: server.ended,
    stop: () => server.stop(),
  };
}
