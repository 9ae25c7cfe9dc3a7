import type { Field } from '../../bigquery/field.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { LoadColumn } from '../staged-load.ts';

/** DuckDB's types and those of BigQuery that hold the same values and are read back as the same type. */
const SAME: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  BIGINT: 'INTEGER',
  DOUBLE: 'FLOAT',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'DATETIME',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  VARCHAR: 'STRING',
  BLOB: 'BYTES',
};

/** Types that are held by a wider one. */
const WIDER: Readonly<Record<string, string>> = {
  TINYINT: 'BIGINT',
  UTINYINT: 'BIGINT',
  SMALLINT: 'BIGINT',
  USMALLINT: 'BIGINT',
  INTEGER: 'BIGINT',
  UINTEGER: 'BIGINT',
  UBIGINT: 'DECIMAL(20,0)',
  HUGEINT: 'DECIMAL(38,0)',
  UHUGEINT: 'DECIMAL(38,0)',
  FLOAT: 'DOUBLE',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
};

const DECIMAL = /^DECIMAL\((\d+),(\d+)\)$/;

/**
 * How a column is kept in BigQuery: exact types for exact types. JSON, lists and structures are text, as BigQuery's own JSON
 * rounds numbers; so is what it has no type for. A value that its type cannot hold fails the load.
 */
export function bigQueryColumn(name: string, type: string): LoadColumn {
  const value = identifier(name);
  const held = type in SAME || DECIMAL.test(type) ? type : WIDER[type];
  if (held === type) return { name, type, expression: inRange(name, type, value) };
  if (held) return { name, type: held, expression: inRange(name, held, `CAST(${value} AS ${held})`) };
  const text = /\[|^(STRUCT|MAP|UNION)\b/.test(type) ? `to_json(${value})` : value;
  return { name, type: 'VARCHAR', expression: `CAST(${text} AS VARCHAR)` };
}

/** What is held in days, and in what form its first and its last value are told. */
const DAYS: readonly string[] = ['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'];

/** BigQuery knows the years 1 to 9999. */
function inRange(name: string, type: string, value: string): string {
  if (!DAYS.includes(type)) return value;
  const message = literal(
    `a date or time in column ${name} lies outside the years 1 to 9999, which are those of BigQuery`,
  );
  const day = (text: string): string => `CAST(${literal(text)} AS ${type})`;
  return `CASE WHEN ${value} < ${day('0001-01-01')} OR ${value} >= ${day('10000-01-01')} THEN error(${message}) ELSE ${value} END`;
}

/** Digits that a `NUMERIC` has in front of the point and behind it; a `BIGNUMERIC` has 38 behind it, and as many in front. */
const NUMERIC = { whole: 29, scale: 9 };

/** BigQuery's column for a type that `bigQueryColumn` gives. It may be NULL: rows may come that lack it. */
export function fieldFor({ name, type }: ThereColumn): Field {
  const [, precision, scale] = DECIMAL.exec(type) ?? [];
  if (precision === undefined || scale === undefined) return { name, type: SAME[type] ?? 'STRING', mode: 'NULLABLE' };
  const fits = Number(scale) <= NUMERIC.scale && Number(precision) - Number(scale) <= NUMERIC.whole;
  return { name, type: fits ? 'NUMERIC' : 'BIGNUMERIC', precision, scale, mode: 'NULLABLE' };
}

/** A value of a load as the text that BigQuery reads as the same value; NULL stays NULL. */
export function writtenText({ name, type }: ThereColumn): string {
  const value = identifier(name);
  const text = `CAST(${value} AS VARCHAR)`;
  if (type === 'BLOB') return `to_base64(${value})`;
  if (type === 'DOUBLE')
    return `CASE WHEN isnan(${value}) THEN 'NaN' WHEN isinf(${value}) THEN CASE WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END ELSE ${text} END`;
  return text;
}
