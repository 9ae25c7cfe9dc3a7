import { identifier, literal } from '../../duckdb/identifiers.ts';
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
  if (type in SAME) return { name, type, expression: inRange(name, type, value) };
  const wider = WIDER[type] ?? decimalHeldBy(type);
  if (wider === type) return { name, type, expression: value };
  if (wider) return { name, type: wider, expression: inRange(name, wider, `CAST(${value} AS ${wider})`) };
  if (/\[|^(STRUCT|MAP|UNION)\b/.test(type))
    return { name, type: 'JSON', expression: `CAST(to_json(${value}) AS JSON)` };
  return { name, type: 'VARCHAR', expression: `CAST(${value} AS VARCHAR)` };
}

/** Precisions up to which a decimal is an integer of 32, 64 or 128 bits in DuckDB, and the digits behind the point that its writer has room for. */
const DECIMALS = [
  { precision: 9, room: 8 },
  { precision: 18, room: 16 },
  { precision: 38, room: 36 },
] as const;

/**
 * The type as which DuckDB writes every decimal of a type to Postgres as it is: the writer fills the digits behind the point up
 * to groups of four, which overflows where the integer has no room for them, and writes other values without a word.
 * `undefined`: it is no decimal.
 */
export function decimalHeldBy(type: string): string | undefined {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return undefined;
  const least = DECIMALS.findIndex(({ room }) => Number(scale) <= room);
  if (least < 0) return 'VARCHAR';
  const digits = Math.max(Number(precision), (DECIMALS[least - 1]?.precision ?? 0) + 1);
  return `DECIMAL(${digits},${scale})`;
}

/** Earlier instants than Postgres knows would be written as others, and read back as if nothing had happened. */
function inRange(name: string, type: string, value: string): string {
  if (type !== 'TIMESTAMP' && type !== 'TIMESTAMP WITH TIME ZONE') return value;
  const message = literal(`a time in column ${name} lies before 4714 BC, where those of Postgres begin`);
  return `CASE WHEN ${value} < '4713-01-01 (BC) 00:00:00'::${type} AND isfinite(${value}) THEN error(${message}) ELSE ${value} END`;
}

/** The name in Postgres of a type that `postgresColumn` gives. */
export function postgresType(type: string): string {
  const decimal = /^DECIMAL(\(\d+,\d+\))$/.exec(type);
  return SAME[type] ?? (decimal ? `numeric${decimal[1]}` : 'text');
}
