import { identifier } from '../../duckdb/identifiers.ts';
import type { CatalogueColumn } from './catalogue.ts';

/** How a column is fetched, so that not one of its values changes. */
export interface ColumnReading {
  readonly name: string;
  /** In Postgres's SQL, over the table. */
  readonly fetched: string;
  /** The type that DuckDB keeps it as, where that is another one that holds the same values. Default: as it came. */
  readonly kept?: 'BIGINT' | 'VARCHAR';
  /**
   * In Postgres's SQL: whether any row has a value that would not come through in this way; then the column is fetched as
   * text. Default: there can be none.
   */
  readonly unless?: string;
  /** The type wraps around past what DuckDB can hold: what was written must be looked at. Default: it does not. */
  readonly wraps?: true;
}

/**
 * Types whose values come through DuckDB's extension and Parquet exactly, and have a type of their own in a contract. Measured,
 * one by one; all others are fetched as Postgres writes them.
 */
const EXACT: readonly RegExp[] = [
  /^(?:smallint|integer|bigint|boolean|text|name|json|jsonb|double precision|date)$/,
  /^(?:character varying|character|bpchar)(?:\(\d+\))?$/,
];

const INSTANT = /^timestamp(?:\(\d\))? with(?:out)? time zone$/;

const DECIMAL = /^numeric\((\d+),(\d+)\)$/;

/** Digits that a decimal of DuckDB has at most. */
const MOST_DIGITS = 38;

export function columnReading({ name, type }: CatalogueColumn): ColumnReading {
  const column = identifier(name);
  if (EXACT.some((exact) => exact.test(type))) return { name, fetched: column, ...keptAs(type) };
  if (INSTANT.test(type)) return { name, fetched: column, wraps: true };
  const decimal = DECIMAL.exec(type);
  const [precision, scale] = [Number(decimal?.[1]), Number(decimal?.[2])];
  if (decimal && precision <= MOST_DIGITS && scale <= precision) {
    // The extension reads NaN as 0.00.
    return { name, fetched: column, unless: `${column} = 'NaN'` };
  }
  return asText({ name });
}

/** As a contract's types are kept, so that rows need not be written a second time for it. */
function keptAs(type: string): Pick<ColumnReading, 'kept'> {
  if (type === 'smallint' || type === 'integer') return { kept: 'BIGINT' };
  return type.startsWith('json') ? { kept: 'VARCHAR' } : {};
}

/** A column as Postgres itself writes its values. */
export function asText({ name }: Pick<ColumnReading, 'name'>): ColumnReading {
  return { name, fetched: `${identifier(name)}::text` };
}
