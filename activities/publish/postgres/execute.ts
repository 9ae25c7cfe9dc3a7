import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';

/** Runs a statement in Postgres itself, in the connection and transaction that DuckDB writes in. */
export async function execute(session: Session, statement: string): Promise<void> {
  await session.run(`CALL postgres_execute('destination', ${literal(statement)})`);
}

export function ask<Row>(session: Session, query: string): Promise<Row[]> {
  return session.rows<Row>(`SELECT * FROM postgres_query('destination', ${literal(query)})`);
}

/** DuckDB remembers what tables there are, also those of a transaction that was undone. */
export function forget(session: Session): Promise<void> {
  return session.run('CALL pg_clear_cache()');
}
