import type { ColumnType } from '../../workflows/definition/index.ts';

const DUCKDB_TYPES = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
} as const;

/** DuckDB's name of a contract's type. */
export function duckdbType(type: ColumnType): string {
  return type.kind === 'decimal' ? `DECIMAL(${type.precision},${type.scale})` : DUCKDB_TYPES[type.kind];
}
