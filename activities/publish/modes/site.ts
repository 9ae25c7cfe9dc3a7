import type { Session } from '../../duckdb/session.ts';
import { temporary } from '../scratch-names.ts';
import type { Merged } from './merge.ts';
import type { Target } from './target.ts';

/**
 * Where a table is changed: SQL runs there, in the transaction of the publication. What is run is SQL that DuckDB and
 * Postgres understand alike.
 */
export interface Site {
  /** The engine's own way to merge by a key that the table has, where it has one that is better. */
  readonly upsert?: (target: Target) => Promise<Merged>;
  run(statement: string): Promise<void>;
  rows<Row>(query: string): Promise<Row[]>;
  /** Keeps the rows of a query for the rest of the transaction. Returns the name of the table that holds them. */
  scratch(kind: string, table: string, query: string): Promise<string>;
}

export async function countAt(site: Site, query: string): Promise<number> {
  const [row] = await site.rows<Record<string, unknown>>(query);
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** DuckDB itself, which also writes to databases that are attached to it. */
export function sessionSite(session: Session): Site {
  return {
    run: (statement) => session.run(statement),
    rows: (query) => session.rows(query),
    scratch: async (kind, table, query) => {
      const name = temporary(kind, table);
      await session.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${query}`);
      return name;
    },
  };
}
