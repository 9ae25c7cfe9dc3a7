import { columnTypeName, type Column } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { booleanReading } from './boolean-reading.ts';
import { dateReading } from './date-reading.ts';
import { integerReading } from './integer-reading.ts';
import { invalidFormats } from './invalid-formats.ts';
import { decimalReading, doubleReading } from './number-reading.ts';
import type { Reading } from './reading.ts';

/**
 * A column's strict cast as SQL over its text. A text becomes a value only when the value written out again is that text,
 * or when it is in one of the column's declared formats.
 */
export interface Cast {
  /** SQL: the typed value, NULL where there is none. */
  value(text: string): string;
  /** SQL: why the row must be quarantined, in a few words, or NULL. `value` is the SQL name of what `value` gave. */
  reason(text: string, value: string): string;
  /** For people: `integer like prod#`. */
  readonly expected: string;
}

/** SQL: a text is nothing, `""` or only spaces. */
export function blankSql(text: string): string {
  return `coalesce(trim(${text}) = '', true)`;
}

/**
 * Blank, for every type but text, is nothing, `""` or only spaces, and becomes NULL. A text keeps its spaces, and `""`
 * stays apart from NULL; but all three are blank where a text is required. Error `DefinitionInvalid`: a format makes no sense.
 */
export function compileCast(column: Column): Cast {
  const { sql, unreadable, refusals } = readingOf(column);
  const isText = column.type.kind === 'text';
  const blankReason = column.required ? literal('blank where a value is required') : 'NULL';
  const formats = column.formats.length > 0 ? ` like ${column.formats.join(' or ')}` : '';
  return {
    expected: columnTypeName(column.type) + formats + (column.zone ? ` in ${column.zone}` : ''),
    value: (text) => (isText ? text : `CASE WHEN ${blankSql(text)} THEN NULL ELSE ${sql(text)} END`),
    reason: (text, value) => {
      const cases = [`WHEN ${blankSql(text)} THEN ${blankReason}`];
      for (const [condition, words] of refusals?.(text, value) ?? [])
        cases.push(`WHEN ${condition} THEN ${literal(words)}`);
      if (!isText) cases.push(`WHEN ${value} IS NULL THEN ${literal(unreadable)}`);
      return `CASE ${cases.join(' ')} END`;
    },
  };
}

function readingOf(column: Column): Reading {
  switch (column.type.kind) {
    case 'text':
      if (column.formats.length > 0) throw invalidFormats(column, 'a text is taken as it is and has no formats');
      return { sql: (text) => text, unreadable: '' };
    case 'integer':
      return integerReading(column);
    case 'decimal':
      return decimalReading(column, column.type.precision, column.type.scale);
    case 'double':
      return doubleReading(column);
    case 'boolean':
      return booleanReading(column);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return dateReading(column, column.type.kind);
  }
}
