import { readFile } from 'node:fs/promises';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { withConnection, type Connection } from './connection.ts';
import { lineAndColumn, sqlStatements } from './sql-statements.ts';

/**
 * Makes a database by running a file of SQL, where there is none of that name yet: under another name, and renamed when
 * all of it has run. Whoever else wants it meanwhile waits. A killed filling leaves a database under the other name, which the
 * next one drops; a failed one leaves nothing.
 * @param urlOf the URL of a database by its name
 * @param sqlFile plain SQL, without commands of psql and without COPY from stdin; each statement is committed by itself
 * @throws AcequiaError for SQL that does not run, by file, line and column
 */
export async function ensureDatabase(
  urlOf: (database: string) => string,
  name: string,
  sqlFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await withConnection(urlOf('postgres'), signal, async (server) => {
    if (await isThere(server, name)) return;
    // Of the session: it goes with its connection, however that ends.
    await server.value("SELECT pg_advisory_lock(hashtextextended('filling ' || $1, 0))", [name]);
    if (await isThere(server, name)) return;
    const sql = await readSql(sqlFile);
    const filling = `${name}_filling`;
    await server.run(`DROP DATABASE IF EXISTS "${filling}" WITH (FORCE)`);
    await server.run(`CREATE DATABASE "${filling}" TEMPLATE template0`);
    try {
      await withConnection(urlOf(filling), signal, (database) => runFile(database, sql, sqlFile));
      await server.run(`ALTER DATABASE "${filling}" RENAME TO "${name}"`);
    } catch (error) {
      // After an abort there is no connection left to do it; the next filling does.
      await server.run(`DROP DATABASE IF EXISTS "${filling}" WITH (FORCE)`).catch(() => undefined);
      throw error;
    }
  });
}

async function isThere(server: Connection, name: string): Promise<boolean> {
  return (await server.value('SELECT 1 FROM pg_database WHERE datname = $1', [name])) !== undefined;
}

async function readSql(sqlFile: string): Promise<string> {
  try {
    return await readFile(sqlFile, 'utf8');
  } catch (cause) {
    throw new AcequiaError('SourceMissing', {
      what: 'The SQL that fills the embedded Postgres cannot be read.',
      where: sqlFile,
      why: cause instanceof Error ? cause.message : String(cause),
      remedy: 'put the file there, or name a Postgres of yours in the setting that holds its URL',
      cause,
    });
  }
}

async function runFile(database: Connection, sql: string, sqlFile: string): Promise<void> {
  // What is committed here is worth nothing before the renaming, which flushes it all.
  await database.run('SET synchronous_commit = off');
  for (const statement of sqlStatements(sql)) {
    try {
      await database.run(statement.text);
    } catch (error) {
      const position = positionIn(statement.text, error);
      const { line, column } = lineAndColumn(sql, statement.offset + position);
      throw sqlProblem(error, `${sqlFile}:${line}:${column}`);
    }
  }
}

/** What Postgres says of an error; `position` counts characters from 1. */
interface PostgresProblem {
  readonly code?: string;
  readonly position?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** Where in a statement the error is, in UTF-16 units; its beginning where Postgres does not say. */
function positionIn(statement: string, error: unknown): number {
  const { position } = error as PostgresProblem;
  const characters = Array.from(statement).slice(0, Math.max(0, Number(position ?? 1) - 1));
  return characters.join('').length;
}

function sqlProblem(cause: unknown, where: string): unknown {
  if (!(cause instanceof Error)) return cause;
  const { code, detail, hint } = cause as PostgresProblem;
  // Not of the SQL: the connection broke, or the server ended.
  if (!code || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P')) return cause;
  if (code === '53100') {
    return new AcequiaError('DiskFull', {
      what: 'There is no room for the embedded Postgres.',
      where,
      why: cause.message,
      remedy: 'free some space on its disk and run the same command again',
      cause,
    });
  }
  // Keys may be told, whole rows may not.
  const told = [cause.message, detail?.startsWith('Failing row') ? undefined : detail, hint];
  return new AcequiaError('SourceUnreadable', {
    what: 'The SQL that fills the embedded Postgres does not run.',
    where,
    why: told.filter((part) => part).join(' '),
    remedy: 'mend the statement and run the same command again: the database is made anew',
    cause,
  });
}
