import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

const connectLimitMs = 15_000;
const pollMs = 50;
/** Nobody listens yet, or it is starting, or it is just being stopped and comes back. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03']);

/** A connection to a database of the embedded Postgres. */
export interface Connection {
  /** Runs one statement. */
  run(sql: string): Promise<void>;
  /** The first column of the first row; undefined where there is none. */
  value(sql: string, values: readonly string[]): Promise<unknown>;
}

/**
 * Gives `use` a connection to a database and closes it whatever happens. A server that is just coming up is waited for. An
 * abort of `signal` cuts the connection; `use` then fails with the signal's reason.
 */
export async function withConnection<Result>(
  url: string,
  signal: AbortSignal | undefined,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const client = await connect(url, signal);
  // With a statement under way this cuts the connection at once; the server notices by itself.
  const cut = (): void => void client.end();
  signal?.addEventListener('abort', cut, { once: true });
  try {
    signal?.throwIfAborted();
    return await use({
      run: async (sql) => {
        signal?.throwIfAborted();
        await client.query(sql);
      },
      value: async (sql, values) => {
        signal?.throwIfAborted();
        const { rows } = await client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' });
        return rows[0]?.[0];
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cut);
    await client.end();
  }
}

async function connect(url: string, signal: AbortSignal | undefined): Promise<Client> {
  // Loaded when it is needed: whoever only may need a database does not wait for it.
  const { default: pg } = await import('pg');
  for (const deadline = Date.now() + connectLimitMs; ;) {
    signal?.throwIfAborted();
    const client = new pg.Client({
      connectionString: url,
      ssl: false,
      application_name: 'acequia',
      connectionTimeoutMillis: connectLimitMs,
    });
    // A connection that breaks while nothing runs shows at the next statement.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { code } = error as { code?: string };
      if (!code || !PASSING.has(code) || Date.now() >= deadline) throw error;
      await pause(pollMs, undefined, signal ? { signal } : {});
    }
  }
}
