import { identifier, literal } from '../../duckdb/identifiers.ts';
import { duckdbType } from '../../duckdb/column-types.ts';
import type { Carrier, RowColumn } from '../rows/layout.ts';
import { blankSql, compileCast } from '../types/cast-sql.ts';
import type { ParquetField } from './parquet-fields.ts';

/** A column of a layout over the rows of its table. */
export interface ColumnSql {
  readonly name: string;
  /** SQL of the value as it is carried; NULL where it is a misfit. */
  readonly good: string;
  readonly suspect: string;
  /** SQL: the value does not fit, or is missing where it must not. Absent: that cannot be. */
  readonly misfit?: string;
}

/** `field`: what the file has for the column, if anything. */
export function columnSql({ name, carrier, required }: RowColumn, field: ParquetField | undefined): ColumnSql {
  const type = duckdbType(carrier);
  if (!field) {
    const missing = required ? { misfit: 'true' } : {};
    return { name, good: `CAST(NULL AS ${type})`, suspect: 'CAST(NULL AS VARCHAR)', ...missing };
  }
  const text = field.scalar.text(field.sql);
  const blank = blankSql(text);
  if (carrier.kind === 'text') return sqlOf(name, text, text, required ? [blankText(text)] : []);
  const lacks = required ? [`${field.sql} IS NULL`] : [];
  if (takes(carrier, field)) return sqlOf(name, `CAST(${field.sql} AS ${type})`, text, lacks);
  if (isSameTime(carrier, field)) return sqlOf(name, field.sql, text, [...lacks, outOfYears(field.sql, field.type)]);
  if (carrier.kind === 'decimal' && field.scalar.type.kind === 'decimal')
    return narrowerDecimal(name, type, field.sql, text, lacks);
  const cast = compileCast({ name, type: carrier, required: false, formats: [] }).value(text);
  return sqlOf(name, cast, text, [...(required ? [blank] : []), `(NOT ${blank} AND (${cast}) IS NULL)`]);
}

function sqlOf(name: string, good: string, suspect: string, misfits: readonly string[]): ColumnSql {
  return { name, good, suspect, ...(misfits.length > 0 ? { misfit: misfits.join(' OR ') } : {}) };
}

/** A decimal of another scale is the same number where no digit is lost: 1.5000 is 1.50. */
function narrowerDecimal(name: string, type: string, value: string, text: string, lacks: readonly string[]): ColumnSql {
  const narrow = `TRY_CAST(${value} AS ${type})`;
  const fits = `coalesce(${narrow} = ${value}, false)`;
  const suspect = `CASE WHEN ${fits} THEN CAST(${narrow} AS VARCHAR) ELSE ${text} END`;
  return sqlOf(name, narrow, suspect, [...lacks, `(${value} IS NOT NULL AND NOT ${fits})`]);
}

/** As `blankSql`, for texts that mostly are not: only what begins with a space can be nothing but spaces. */
function blankText(text: string): string {
  return `(${text} IS NULL OR ${text} = '' OR (starts_with(${text}, ' ') AND trim(${text}) = ''))`;
}

/** Times that a carrier of the same name has in microseconds, too: only their years must be ones that a text can say. */
const SAME_TIME: Readonly<Record<string, Carrier['kind']>> = {
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
};

export function isSameTime(carrier: Carrier, { type }: ParquetField): boolean {
  return SAME_TIME[type] === carrier.kind;
}

/** SQL, true of a time that is not of the years 1 to 9999; infinite ones are of none. `type`: DuckDB's name of its type. */
function outOfYears(value: string, type: string): string {
  const limit = (day: string): string => `${type} '${day}${type.endsWith('ZONE') ? ' 00:00:00+00' : ''}'`;
  return `${value} < ${limit('0001-01-01')} OR ${value} >= ${limit('10000-01-01')}`;
}

/** Whether the carrier holds every value of the field, so that no value has to be looked at. */
export function takes(carrier: Carrier, { scalar, type: name }: ParquetField): boolean {
  const { type } = scalar;
  if (carrier.kind === 'text') return true;
  // Nanoseconds and infinities are for the strict cast.
  if (name === 'DATE' || name.startsWith('TIMESTAMP')) return false;
  if (carrier.kind === 'decimal') {
    return (
      type.kind === 'decimal' &&
      type.scale <= carrier.scale &&
      type.precision - type.scale <= carrier.precision - carrier.scale
    );
  }
  return carrier.kind === type.kind;
}

/** The select list of a table's row file, without provenance. */
export function selectList(columns: readonly ColumnSql[], kind: 'good' | 'suspect'): string {
  return columns.map((column) => `${column[kind]} AS ${identifier(column.name)}, `).join('');
}

/** SQL of what nested rows call a record by: see `ParentKeys`. `record`: SQL of its number. */
export function recordKey(key: readonly number[], columns: readonly ColumnSql[], file: string, record: string): string {
  const byNumber = `${literal(`${file}:`)} || CAST(${record} AS VARCHAR)`;
  const texts = key.map((position) => columns[position]!.suspect);
  if (texts.length === 0) return byNumber;
  const escaped = (text: string): string =>
    texts.length === 1 ? text : `replace(replace(${text}, '\\', '\\\\'), '|', '\\|')`;
  return `coalesce(${texts.map(escaped).join(` || '|' || `)}, ${byNumber})`;
}
