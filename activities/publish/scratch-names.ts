import { identifier } from '../duckdb/identifiers.ts';

/** The name of something of ours that belongs to a table, in DuckDB's temporary schema. */
export function temporary(kind: string, table: string): string {
  return `temp.main.${identifier(`${kind} ${table}`)}`;
}
