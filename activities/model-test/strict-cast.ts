import type { ColumnType } from '../../workflows/definition/index.ts';
import { compileCast } from '../ingest/types/cast-sql.ts';

/** A text as a value of a type, NULL where it is none. */
export interface StrictCast {
  /** SQL over the SQL name of the text. */
  value(text: string): string;
  /** Words behind "is no TIMESTAMP": how it is written. */
  readonly hint: string;
}

/** DuckDB's names of the types that sources have. */
const KINDS: Readonly<Record<string, ColumnType>> = {
  BIGINT: { kind: 'integer' },
  DOUBLE: { kind: 'double' },
  BOOLEAN: { kind: 'boolean' },
  DATE: { kind: 'date' },
  TIMESTAMP: { kind: 'timestamp' },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamptz' },
};

const HINTS: Readonly<Record<string, string>> = {
  DATE: '; a day is written 2025-03-07',
  TIMESTAMP: '; it is written without a zone, 2025-03-07T10:00:00',
  'TIMESTAMP WITH TIME ZONE': '; it is written with its zone, 2025-03-07T10:00:00Z',
};

/**
 * Types of sources are cast as staging casts them. In any other type a text counts only when the value, written out again,
 * is that text.
 */
export function strictCast(type: string): StrictCast {
  if (type === 'VARCHAR') return { value: (text) => text, hint: '' };
  const known = KINDS[type] ?? decimalType(type);
  if (known) {
    const cast = compileCast({ name: '', type: known, required: false, formats: [] });
    return { value: (text) => cast.value(text), hint: HINTS[type] ?? '' };
  }
  const value = (text: string): string => `TRY_CAST(${text} AS ${type})`;
  return {
    value: (text) => `CASE WHEN CAST(${value(text)} AS VARCHAR) = ${text} THEN ${value(text)} END`,
    hint: '; it is written as DuckDB writes it',
  };
}

function decimalType(type: string): ColumnType | undefined {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
}
