import { setTimeout as pause } from 'node:timers/promises';
import type { SourceConnection } from './source-connection.ts';

/** How long transactions that are open are waited for, where nothing says when they began. */
const LONGEST_WAIT_MS = 10_000;
const POLL_MS = 50;

/** Transactions that run in this database; what the server does for itself stamps no rows. */
const OF_USERS = `datid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND backend_type NOT IN ('autovacuum worker', 'walsender')`;

/** Virtual transactions of others in this database. */
const OPEN = `SELECT l.virtualtransaction AS name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.pid <> pg_backend_pid()
    AND a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())`;

interface ServerRow {
  readonly bound: string;
  readonly now: string;
  readonly hidden: string;
  readonly sees_all: boolean;
  readonly standby: boolean;
}

/**
 * An instant, as Postgres writes it in UTC, such that no row that a snapshot taken after this does not show will ever be
 * stamped before it by its transaction's own time. `undefined` where none can be known: transactions that are prepared or do
 * not end, and on a standby.
 *
 * Must be asked outside a transaction and before the snapshot is taken: who begins between the two begins after the bound,
 * and who ends between them was counted.
 */
export async function timeBound({ ask }: SourceConnection, signal: AbortSignal): Promise<string | undefined> {
  const [server] = await ask<ServerRow>(
    `SELECT min(xact_start)::text AS bound, now()::text AS now, count(*) FILTER (WHERE state = 'disabled')::text AS hidden,
      pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all, pg_is_in_recovery() AS standby
      FROM pg_stat_activity WHERE ${OF_USERS}`,
  );
  if (!server || server.standby) return undefined;
  const knowsStarts = server.sees_all && Number(server.hidden) === 0;
  if (!knowsStarts && !(await untilOver(ask, signal))) return undefined;
  // A prepared transaction has neither a start nor a connection. Whoever prepares in between was counted above.
  const prepared = await ask(`SELECT 1 AS n FROM pg_prepared_xacts WHERE database = current_database() LIMIT 1`);
  if (prepared.length > 0) return undefined;
  return knowsStarts ? server.bound : server.now;
}

/** Waits for the end of every transaction that is open now. Returns whether it came in time. */
async function untilOver(ask: SourceConnection['ask'], signal: AbortSignal): Promise<boolean> {
  const openNow = async (): Promise<Set<string>> =>
    new Set((await ask<{ name: string }>(OPEN)).map(({ name }) => name));
  let waiting = await openNow();
  for (const deadline = Date.now() + LONGEST_WAIT_MS; waiting.size > 0 && Date.now() < deadline;) {
    await pause(POLL_MS, undefined, { signal });
    const open = await openNow();
    waiting = new Set([...waiting].filter((name) => open.has(name)));
  }
  return waiting.size === 0;
}
