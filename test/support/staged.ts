import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { loadExtension } from '../../activities/duckdb/extensions.ts';
import { withSession } from '../../activities/duckdb/session.ts';
import type { StagedTable } from '../../workflows/stages.ts';
import './trust-extensions.mjs';

/** Writes the rows of a query as staged Parquet below `folder`. */
export async function stage(folder: string, name: string, query: string): Promise<StagedTable> {
  const path = join(folder, 'lake', 'models', `${name}-${Math.random()}.parquet`);
  await mkdir(dirname(path), { recursive: true });
  return withSession(undefined, async (session) => {
    await session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`);
    const rows = await session.count(`SELECT count(*) FROM read_parquet(${literal(path)})`);
    return { name, rows, uris: [pathToFileURL(path).href] };
  });
}

/** Asks a SQLite file, as any reader would. */
export async function askSqlite<Row = Record<string, unknown>>(path: string, query: string): Promise<Row[]> {
  return withSession(undefined, async (session) => {
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(path)} AS published (TYPE sqlite, READ_ONLY)`);
    return session.rows<Row>(`SELECT * FROM sqlite_query('published', ${literal(query)})`);
  });
}

/** Asks a DuckDB file, as any reader would; its tables are `published.<name>`. */
export async function askDuckdb<Row = Record<string, unknown>>(path: string, query: string): Promise<Row[]> {
  return withSession(undefined, async (session) => {
    await session.run(`ATTACH ${literal(path)} AS published (TYPE duckdb, READ_ONLY)`);
    await session.run('USE published');
    return session.rows<Row>(query);
  });
}

/** Changes a DuckDB file behind the publisher's back. */
export async function changeDuckdb(path: string, ...statements: readonly string[]): Promise<void> {
  await withSession(undefined, async (session) => {
    await session.run(`ATTACH ${literal(path)} AS published (TYPE duckdb)`);
    await session.run('USE published');
    for (const statement of statements) await session.run(statement);
  });
}

/** Changes a SQLite file behind the publisher's back. */
export async function changeSqlite(path: string, statement: string): Promise<void> {
  await withSession(undefined, async (session) => {
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(path)} AS published (TYPE sqlite)`);
    await session.run('USE published');
    await session.run(statement);
  });
}
