import { identifier } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';

/** DuckDB's types and those of Postgres that hold the same values and are read back as the same type. */
const SAME: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  INTERVAL: 'interval',
  VARCHAR: 'text',
  JSON: 'json',
  UUID: 'uuid',
  BLOB: 'bytea',
};

/** Types that are held by a wider one. */
const WIDER: Readonly<Record<string, string>> = {
  TINYINT: 'SMALLINT',
  UTINYINT: 'SMALLINT',
  USMALLINT: 'INTEGER',
  UINTEGER: 'BIGINT',
  UBIGINT: 'DECIMAL(20,0)',
  HUGEINT: 'DECIMAL(38,0)',
  UHUGEINT: 'DECIMAL(38,0)',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
};

/**
 * How a column is kept in Postgres: exact types for exact types; JSON as `json`, which keeps its text; lists and structures
 * as `json`, too; what Postgres has no type for (nanoseconds, enumerations, bits) as text. A value that its type cannot hold
 * fails the load.
 */
export function postgresColumn(name: string, type: string): LoadColumn {
  const value = identifier(name);
  if (type in SAME || /^DECIMAL\(/.test(type)) return { name, type, expression: value };
  const wider = WIDER[type];
  if (wider) return { name, type: wider, expression: `CAST(${value} AS ${wider})` };
  if (/\[|^(STRUCT|MAP|UNION)\b/.test(type))
    return { name, type: 'JSON', expression: `CAST(to_json(${value}) AS JSON)` };
  return { name, type: 'VARCHAR', expression: `CAST(${value} AS VARCHAR)` };
}

/** The name in Postgres of a type that `postgresColumn` gives. */
export function postgresType(type: string): string {
  const decimal = /^DECIMAL(\(\d+,\d+\))$/.exec(type);
  return SAME[type] ?? (decimal ? `numeric${decimal[1]}` : 'text');
}
