import type { Connection } from '@temporalio/client';
import { hostname } from 'node:os';
import { processRuns } from '../../infra/process-runs.ts';

/** A worker as the server saw it last. */
export interface Poller {
  /** `<process id>@<host>`, as the SDK names workers. */
  readonly identity: string;
  /** Milliseconds since 1970. */
  readonly lastSeen: number;
}

/** A poll lasts up to 60 seconds and is seen when it begins. */
const SEEN_WITHIN_MS = 70_000;

/** What every worker in this process is called by default. */
export function ownIdentity(): string {
  return `${process.pid}@${hostname()}`;
}

/** Whether a worker lives: seen lately and, where it names this host, its process is there. */
export function isLive(
  poller: Poller,
  now: number,
  host: string = hostname(),
  isRunning: (pid: number) => boolean = processRuns,
): boolean {
  if (now - poller.lastSeen > SEEN_WITHIN_MS) return false;
  const local = /^(\d+)@(.+)$/.exec(poller.identity);
  if (!local || local[2] !== host) return true;
  return isRunning(Number(local[1]));
}

/** Workers that poll the task queue for workflows, alive or not. */
export async function pollersOf(connection: Connection, namespace: string, taskQueue: string): Promise<Poller[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue } });
  return pollers.map(({ identity, lastAccessTime }) => ({
    identity: identity ?? '',
    lastSeen: Number(lastAccessTime?.seconds ?? 0) * 1_000,
  }));
}

/** Live workers on the task queue, without those of this process. Where one is, an open run goes on without us. */
export async function otherLiveWorkers(
  connection: Connection,
  namespace: string,
  taskQueue: string,
): Promise<Poller[]> {
  const now = Date.now();
  const pollers = await pollersOf(connection, namespace, taskQueue);
  return pollers.filter((poller) => poller.identity !== ownIdentity() && isLive(poller, now));
}
