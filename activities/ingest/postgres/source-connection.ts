import { randomBytes } from 'node:crypto';
import { loadExtension } from '../../duckdb/extensions.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import { attachPostgres } from '../../postgres/connection.ts';
import { TEXT_SETTINGS } from '../../postgres/text-settings.ts';

/** How long a reader waits for somebody who locks a table, milliseconds. */
const LOCK_TIMEOUT_MS = 20_000;

/** How often Postgres is told again to stop what was cancelled, milliseconds. */
const STOP_EVERY_MS = 100;

/** And what could end a long read half-way. */
const SETTINGS = {
  ...TEXT_SETTINGS,
  // Rows that are hidden from this user are an error, instead of missing without a word.
  row_security: 'off',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};

/** A database that is read. */
export interface SourceConnection {
  /** Outside any transaction; its statements are asked of the server one by one. */
  readonly session: Session;
  /** Rows of a query in Postgres's own SQL. */
  readonly ask: <Row>(query: string, session?: Session) => Promise<Row[]>;
}

/**
 * Attaches a database as `source`, to be read only, for as long as `use` needs it. An abort stops what runs in Postgres, too:
 * an interrupt of DuckDB alone is noticed between two chunks of rows, and never while Postgres waits or computes.
 *
 * @param lockTimeoutMs how long somebody who locks a table is waited for
 */
export async function withSource<Result>(
  url: string,
  signal: AbortSignal,
  use: (source: SourceConnection) => Promise<Result>,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
): Promise<Result> {
  const application = `acequia source ${randomBytes(6).toString('hex')}`;
  return withSession(undefined, async (stopper) => {
    await loadExtension(stopper, 'postgres_scanner');
    await attachPostgres(stopper, 'source', url, { settings: SETTINGS });
    // Opens its connection now: when it is needed, every other one may be busy.
    await ask(stopper, 'SELECT 1');
    const stop = stopping(stopper, application);
    signal.addEventListener('abort', stop.begin, { once: true });
    try {
      return await withSession(signal, async (session) => {
        await loadExtension(session, 'postgres_scanner');
        await attachPostgres(session, 'source', url, {
          application,
          settings: { ...SETTINGS, lock_timeout: String(lockTimeoutMs) },
          words: ['READ_ONLY', "ISOLATION_LEVEL 'repeatable read'", "SECRET_STORAGE_TABLE ''"],
        });
        return use({ session, ask: (query, own = session) => ask(own, query) });
      });
    } finally {
      signal.removeEventListener('abort', stop.begin);
      await stop.end();
    }
  });
}

function ask<Row>(session: Session, query: string): Promise<Row[]> {
  return session.rows<Row>(`SELECT * FROM postgres_query('source', ${literal(query)})`);
}

/** Tells the server to cancel what connections of that name do, again and again until it is over. */
function stopping(stopper: Session, application: string): { begin: () => void; end: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const cancel = (): void => {
    last = last.then(() =>
      ask(
        stopper,
        `SELECT count(pg_cancel_backend(pid)) AS n FROM pg_stat_activity
          WHERE application_name = ${literal(application)} AND state = 'active'`,
        // Where the server itself is gone, nothing is left to be stopped.
      ).catch(() => undefined),
    );
  };
  return {
    begin: () => {
      cancel();
      timer = setInterval(cancel, STOP_EVERY_MS);
    },
    end: async () => {
      clearInterval(timer);
      await last;
    },
  };
}
