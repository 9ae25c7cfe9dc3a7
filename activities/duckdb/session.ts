import duckdb, { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { withScratchFolder } from '../scratch-folder.ts';
import { extensionDirectory } from './extensions.ts';
import { toldOf } from './statement-channel.ts';

/** One DuckDB database in memory, used by one activity and closed with it. */
export interface Session {
  readonly connection: DuckDBConnection;
  /** Runs one statement and waits for its end. */
  run(sql: string, values?: Readonly<Record<string, DuckDBValue>>): Promise<void>;
  /** The rows as plain objects: BIGINT, HUGEINT and DECIMAL as text, dates as ISO text. */
  rows<Row = Record<string, unknown>>(sql: string, values?: Readonly<Record<string, DuckDBValue>>): Promise<Row[]>;
  /** The first column of the first row as a number. For counts: up to 2^53. */
  count(sql: string, values?: Readonly<Record<string, DuckDBValue>>): Promise<number>;
  /**
   * A further session over the same database, for statements that run beside those of this one. It sees the same tables and
   * views; temporary ones, variables and transactions are its own.
   */
  beside<Result>(use: (session: Session) => Promise<Result>): Promise<Result>;
}

/** Bytes DuckDB may hold before it spills to disk, as DuckDB writes sizes. */
const MEMORY_LIMIT = '512MB';

/**
 * Opens a database in memory that spills to a folder of its own, gives it to `use`, and closes both whatever happens.
 * An abort of `signal` interrupts the statement that runs; `use` then fails with the signal's reason.
 */
export async function withSession<Result>(
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  return withScratchFolder(async (spill) => {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: MEMORY_LIMIT,
      temp_directory: spill,
      extension_directory: extensionDirectory(),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      return await connected(instance, signal, use);
    } finally {
      instance.closeSync();
    }
  });
}

async function connected<Result>(
  instance: DuckDBInstance,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    // The machine's time zone must never decide what a value means.
    await connection.run("SET TimeZone = 'UTC'");
    return await use(sessionOver(instance, connection, signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.closeSync();
  }
}

/** An interrupt reaches a statement that runs; an abort between two statements is noticed before the next. */
function sessionOver(instance: DuckDBInstance, connection: DuckDBConnection, signal: AbortSignal | undefined): Session {
  const rows = async <Row>(sql: string, values?: Readonly<Record<string, DuckDBValue>>): Promise<Row[]> => {
    signal?.throwIfAborted();
    const reader = await toldOf(sql, () => connection.runAndReadAll(sql, values ? { ...values } : undefined));
    return reader.getRowObjectsJson() as Row[];
  };
  return {
    connection,
    rows,
    run: async (sql, values) => {
      signal?.throwIfAborted();
      await toldOf(sql, () => connection.run(sql, values ? { ...values } : undefined));
    },
    count: async (sql, values) => {
      const [row] = await rows<Record<string, unknown>>(sql, values);
      return Number(Object.values(row ?? {})[0] ?? 0);
    },
    beside: (use) => connected(instance, signal, use),
  };
}

/** The engine's version, `v1.5.5`. */
export function duckdbVersion(): string {
  return duckdb.version();
}
