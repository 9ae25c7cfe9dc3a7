import type { ColumnSpec } from './column.ts';

/** How a delimited file is written. Defaults: comma, double quote, a header line, UTF-8 (a byte-order mark is dropped). */
export interface CsvDialect {
  readonly delimiter?: ',' | ';' | '\t' | '|';
  readonly quote?: '"' | "'";
}

export interface CsvSource {
  readonly kind: 'csv';
  /** The file, relative to the pipeline's inbox. */
  readonly path: string;
  /** The contract: the columns the file promises, by the names in its header. */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** Rows that repeat an earlier row's key are quarantined. Default: no key. */
  readonly key?: readonly string[];
  /** The file must have changed within this time (`'1d'`, `'26h'`); an older file fails a blocking check. Default: any age. */
  readonly freshWithin?: string;
  /** The share of quarantined rows above which the run stops before publishing. Default `'1%'`. */
  readonly badRows?: { readonly failAbove: string };
  /** Columns in the file that the contract does not name: `'warn'` leaves them out and says so, `'fail'` stops. Default `'warn'`. */
  readonly newColumns?: 'warn' | 'fail';
  readonly dialect?: CsvDialect;
}

export type SourceDefinition = CsvSource;

/** A delimited text file. */
export function csv(path: string, options: Omit<CsvSource, 'kind' | 'path'>): CsvSource {
  return { kind: 'csv', path, ...options };
}
