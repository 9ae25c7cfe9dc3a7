import { literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

/** The two databases of a drain, as they are attached. */
export type Database = 'origin' | 'sink';

/** Runs a statement in Postgres itself: inside the session's transaction, where there is one. */
export async function execute(session: Session, database: Database, statement: string): Promise<void> {
  await session.run(`CALL postgres_execute(${literal(database)}, ${literal(statement)})`);
}

export function ask<Row>(session: Session, database: Database, query: string): Promise<Row[]> {
  return session.rows<Row>(askSql(database, query));
}

/** SQL of DuckDB for what a query of Postgres's own SQL gives. */
export function askSql(database: Database, query: string): string {
  return `SELECT * FROM postgres_query(${literal(database)}, ${literal(query)})`;
}

/** A literal of Postgres for a list of texts, to be cast: `'{"a","b"}'`. */
export function arrayLiteral(texts: readonly string[]): string {
  return literal(`{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`);
}
