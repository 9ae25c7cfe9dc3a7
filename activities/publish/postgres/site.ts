import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { boundedName } from '../database/bounded-name.ts';
import type { Site } from '../modes/site.ts';

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

/** Postgres itself: rows that are there need not travel. */
export function postgresSite(session: Session): Site {
  return {
    run: (statement) => execute(session, statement),
    rows: (query) => ask(session, query),
    scratch: async (kind, table, query) => {
      const name = `pg_temp.${identifier(scratchName(kind, table))}`;
      await execute(session, `DROP TABLE IF EXISTS ${name}`);
      await execute(session, `CREATE TEMP TABLE ${identifier(scratchName(kind, table))} ON COMMIT DROP AS ${query}`);
      await execute(session, `ANALYZE ${name}`);
      return name;
    },
  };
}

/** A name of ours that belongs to a table, which has at most 63 bytes as the table's own has. */
export function scratchName(kind: string, table: string): string {
  return boundedName(`_acequia ${kind} ${table}`);
}
