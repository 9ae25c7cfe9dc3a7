import { bigQueryReference } from './bigquery-url.ts';
import type { ColumnSpec } from './column.ts';

/** Kinds of files that are read. `files` takes any of them, by content and name. */
export const FORMATS = ['csv', 'json', 'jsonl', 'xml', 'excel', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** Encodings of text; each is proven on the whole file. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * What happens when a file does not keep to the contract.
 * - `evolve`: the table follows the file: a new column is added, a missing one is NULL, a type becomes wider.
 * - `freeze`: the file is refused.
 * - `discard-row`: the rows concerned are quarantined.
 * - `discard-value`: the values concerned are left out, counted and named; the rows are kept.
 */
export const CONTRACT_MODES = ['evolve', 'freeze', 'discard-row', 'discard-value'] as const;
export type ContractMode = (typeof CONTRACT_MODES)[number];

export interface Contract {
  /** Columns in the file that the contract does not name. */
  readonly newColumns: ContractMode;
  /** Columns of the contract that the file does not have. */
  readonly missingColumns: ContractMode;
  /** Values that are not of their column's type, and blanks where a value is required. */
  readonly types: ContractMode;
}

/** How a delimited file is written. What is not declared is found out from the file, and reported. */
export interface CsvDialect {
  /** One ASCII character. */
  readonly delimiter?: string;
  /** `'none'`: a quote is a character like any other. */
  readonly quote?: '"' | "'" | 'none';
  readonly header?: boolean;
  /** Lines that begin with this character are no records. */
  readonly comment?: string;
}

/** Lists inside records: rows of a table of their own, or JSON text in one column. */
export type Nesting = 'tables' | 'json';

/**
 * A place that a setting names: a file, a folder or a glob of this machine, or one in a bucket. Where it is not set, or a run
 * names an inbox or a sample itself, `otherwise`, which is relative to the pipeline's inbox. Without `otherwise` it has to be set.
 */
export interface PlaceBySetting {
  readonly setting: string;
  readonly otherwise?: string;
}

/** Where files lie. */
export type SourcePlace = string | PlaceBySetting;

export interface FileSource<Place = string> {
  readonly kind: Format | 'files';
  /** A file, a folder or a glob: relative to the pipeline's inbox, or whole in a bucket (`s3://bucket/folder/*.csv`, `gs://…`). */
  readonly path: Place;
  /**
   * The contract: the columns that are promised, by the names in the header, or by their paths in nested records
   * (`meta.code`, `items[].qty`).
   */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** One mode for all, or one for each kind of breach. Default: new columns `discard-value`, missing ones `freeze`, types `discard-row`. */
  readonly contract?: ContractMode | Partial<Contract>;
  /** Rows that repeat an earlier row's key are quarantined, and rows with a blank in one of its columns. Default: no key. */
  readonly key?: readonly string[];
  /**
   * Of rows with the same key the one with the greatest values of these columns is staged, NULL being the least; of equal ones
   * the one whose whole row sorts last. The others are counted as deduplicated. Default: the first one in the files is staged,
   * the others are quarantined.
   */
  readonly keepLatestBy?: readonly string[];
  /** The newest file must have changed within this time (`'1d'`, `'26h'`); otherwise a blocking check fails. Default: any age. */
  readonly freshWithin?: string;
  /** The share of quarantined rows above which the run stops before publishing. Default `'1%'`. */
  readonly badRows?: { readonly failAbove: string };
  readonly encoding?: Encoding;
  /** Delimited files. */
  readonly dialect?: CsvDialect;
  /** JSON: path of the list of records (`data.items`). XML: path of the record elements (`orders/order`). Default: found. */
  readonly records?: string;
  /** JSON, XML and Parquet: what becomes of lists, by their path; `'*'` for all others. Default `'tables'`. */
  readonly nested?: Nesting | Readonly<Record<string, Nesting>>;
  /** Excel: name of the sheet. Default: the first. */
  readonly sheet?: string;
}

/** A column by whose values a table is read in parts. */
export interface CursorDefinition {
  /** A `timestamptz` or `timestamp` that says when a row was new or last changed. One without a zone is in the definition's, else in UTC. */
  readonly column: string;
  /**
   * How far each part reaches back before the last one's end (`'5m'`): for rows whose stamp comes from another clock, or is
   * set back. Transactions that are open for longer than that are known of and waited for. Default `'1m'`.
   */
  readonly lag?: string;
}

/** A table or view of a Postgres database. All tables of one database are read in one snapshot. */
export interface TableSource {
  readonly kind: 'postgres';
  /** The setting that holds the connection's URL: `postgresql://user:password@host:5432/database`. */
  readonly setting: string;
  /** `schema.table`, or `table` of the schema `public`. */
  readonly table: string;
  /** The contract: the columns that are promised; of `jsonb` that becomes tables, also paths (`tags[].weight`). */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** As of files. */
  readonly contract?: ContractMode | Partial<Contract>;
  /** As of files. */
  readonly key?: readonly string[];
  /** Only rows that are new or changed since the last load are read. Default: all rows. */
  readonly cursor?: CursorDefinition;
  /** As of files. */
  readonly badRows?: { readonly failAbove: string };
  /** What becomes of lists in `json`, `jsonb` and arrays, by their path; `'*'` for all others. Default `'json'`: text in one column. */
  readonly nested?: Nesting | Readonly<Record<string, Nesting>>;
}

/** A table, a view or a query of BigQuery. */
export interface BigQuerySource extends Omit<TableSource, 'kind' | 'setting' | 'table' | 'cursor'> {
  readonly kind: 'bigquery';
  /** `bigquery://project/dataset`, or the name of a setting that holds it. */
  readonly place: string;
  /** A table or view of the dataset. Default: the query in `queries/<source>.sql`, whose names without a dataset are of this one. */
  readonly table?: string;
}

/** Rows of a database, which are landed as files before they are read. */
export type DatabaseSource = TableSource | BigQuerySource;

export type SourceDefinition = FileSource | DatabaseSource;

export function isOfDatabase(source: { readonly kind: SourceKind }): source is DatabaseSource {
  return source.kind === 'postgres' || source.kind === 'bigquery';
}

/** The setting that says where a database is, where one does. */
export function settingOf(source: DatabaseSource): string | undefined {
  if (source.kind === 'postgres') return source.setting;
  const reference = bigQueryReference(source.place);
  return 'setting' in reference ? reference.setting : undefined;
}

/** What may be written where a source is read. */
export type WrittenSource = FileSource<SourcePlace> | TableSource;

/** What can be read: kinds of files, and databases. */
export type SourceKind = SourceDefinition['kind'];

type Options = Omit<FileSource, 'kind' | 'path'>;

/** A table or view of a Postgres database, by the name of the setting that holds its URL. */
export function postgresTable(
  setting: string,
  table: string,
  options: Omit<TableSource, 'kind' | 'setting' | 'table'>,
): TableSource {
  return { kind: 'postgres', setting, table, ...options };
}

type BigQueryOptions = Omit<BigQuerySource, 'kind' | 'place' | 'table'>;

/** A table or view of BigQuery. `place`: `bigquery://project/dataset`, or the name of a setting that holds it. */
export function bigqueryTable(place: string, table: string, options: BigQueryOptions): BigQuerySource {
  return { kind: 'bigquery', place, table, ...options };
}

/** The rows of a query in GoogleSQL, `queries/<source>.sql`. `place` names the dataset of tables that the query names without one. */
export function bigqueryQuery(place: string, options: BigQueryOptions): BigQuerySource {
  return { kind: 'bigquery', place, ...options };
}

/** Delimited text. */
export function csv(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'csv', path, ...options };
}

/** JSON documents: a list of records, or one that is wrapped. */
export function json(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'json', path, ...options };
}

/** One JSON record a line. */
export function jsonl(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'jsonl', path, ...options };
}

export function xml(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'xml', path, ...options };
}

/** A sheet of a workbook (.xlsx). */
export function excel(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'excel', path, ...options };
}

export function parquet(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'parquet', path, ...options };
}

/** Files of any of these kinds, each told by its content. */
export function files(path: SourcePlace, options: Options): FileSource<SourcePlace> {
  return { kind: 'files', path, ...options };
}
