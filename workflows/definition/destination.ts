import { bigQueryName } from './bigquery-url.ts';

/**
 * What becomes of the table that is there.
 * - `replace`: the load becomes the table.
 * - `append`: its rows are added.
 * - `merge`: by key, new rows are added and changed ones updated; all others stay.
 * - `delete-missing`: as `merge`, and rows whose key the load lacks go (`missing`).
 * - `scd2`: every version of a row stays, with `valid_from`, `valid_to` and `is_current` (slowly changing dimension, type 2).
 */
export const LOAD_MODES = ['replace', 'append', 'merge', 'delete-missing', 'scd2'] as const;

export type LoadMode = (typeof LOAD_MODES)[number];

/**
 * What becomes of rows whose key a load lacks.
 * - `hard`: they are deleted.
 * - `soft`: they stay, and `_deleted_at` says since when they are gone.
 * - `close`: of `scd2`, their current version ends.
 * - `keep`: nothing; the load holds only a part of the rows.
 */
export const MISSING_WAYS = ['hard', 'soft', 'close', 'keep'] as const;

export type MissingWay = (typeof MISSING_WAYS)[number];

export const DESTINATION_KINDS = ['sqlite', 'duckdb', 'parquet', 'postgres', 'ducklake', 'bigquery'] as const;

export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** How a table is loaded. */
export interface Loading {
  /** Default `replace`. */
  readonly mode?: LoadMode;
  /** Of `delete-missing`: `soft` (default) or `hard`; of `scd2`: `close` (default) or `keep`. */
  readonly missing?: MissingWay;
  /** The share of the table's rows that may vanish by one load of `delete-missing` or `scd2`. Default `'10%'`. */
  readonly vanishAtMost?: string;
  /** `evolve` (default): a table that is there gains columns, and wider types. `freeze`: a load that does not fit is refused. */
  readonly structure?: 'evolve' | 'freeze';
}

/** A file or folder, relative to the pipeline's output folder; Parquet also in a bucket: `s3://bucket/folder/`. */
export interface FileDestination extends Loading {
  readonly kind: 'sqlite' | 'duckdb' | 'parquet';
  readonly path: string;
  /** Parquet: columns by whose values rows are put into folders `column=value/`. Default: none. */
  readonly partitionBy?: readonly string[];
}

/** A schema of a Postgres database. */
export interface PostgresDestination extends Loading {
  readonly kind: 'postgres';
  /** The setting that holds the connection's URL: `postgresql://user:password@host:5432/database`. */
  readonly setting: string;
  /** Default `public`. */
  readonly schema?: string;
}

/** A DuckLake: Parquet files in a folder, their catalogue in a database. */
export interface DuckLakeDestination extends Loading {
  readonly kind: 'ducklake';
  /** The folder of the data files, relative to the pipeline's output folder. The catalogue is `<path>.sqlite` beside it, unless a setting names a Postgres. */
  readonly path: string;
  /** The setting that holds the URL of the Postgres database with the catalogue. Default: a SQLite file beside the folder. */
  readonly setting?: string;
  /** Columns by whose values rows are put into files of their own. Default: none. */
  readonly partitionBy?: readonly string[];
}

/** A dataset of BigQuery. */
export interface BigQueryDestination extends Loading {
  readonly kind: 'bigquery';
  /** `bigquery://project/dataset`, or the name of a setting that holds it. */
  readonly place: string;
}

export type DestinationDefinition = FileDestination | PostgresDestination | DuckLakeDestination | BigQueryDestination;

/** Tables of a Glue database that Athena queries. It can be said, and validated; no version publishes there yet. */
export interface AthenaDestination extends Loading {
  readonly kind: 'athena';
  /** Of Glue. */
  readonly database: string;
  readonly workgroup: string;
  /** The setting that holds the S3 place where results and staged files go: `s3://bucket/prefix/`. */
  readonly staging: string;
}

/** One of several destinations, by the value of a setting. */
export interface DestinationChoice {
  readonly kind: 'choice';
  /** The setting whose value is one of the names in `among`. */
  readonly setting: string;
  readonly among: Readonly<Record<string, DestinationDefinition | AthenaDestination>>;
  /** Environment → the name that is taken where the setting is not set. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** The destination that the place in a setting leads to: what the place is decides the kind. */
export interface DestinationByPlace {
  readonly kind: 'place';
  /** The setting with the place: a folder, `s3://bucket/folder/`, `gs://bucket/folder/`. */
  readonly setting: string;
  /** What is taken where the setting is not set. Default: then a run is refused. */
  readonly otherwise?: DestinationDefinition;
  /** How tables are loaded where the setting leads. */
  readonly loading: Partitioned;
}

/** What may be written where a table is published. */
export type WrittenDestination = DestinationDefinition | AthenaDestination | DestinationChoice | DestinationByPlace;

/** What people call a destination, one name for each place: `empresa.db`, `postgres:WAREHOUSE_URL`, `postgres:WAREHOUSE_URL/raw`. */
export function destinationName(destination: DestinationDefinition): string {
  if (destination.kind === 'bigquery') return bigQueryName(destination.place);
  if (destination.kind !== 'postgres') return destination.path;
  const { setting, schema } = destination;
  return `postgres:${setting}${schema === undefined ? '' : `/${schema}`}`;
}

interface Partitioned extends Loading {
  readonly partitionBy?: readonly string[];
}

/** A SQLite database file. All tables that a run publishes to it become visible in one transaction. */
export function sqlite(path: string, options: Loading = {}): FileDestination {
  return { kind: 'sqlite', path, ...options };
}

/** A DuckDB database file. All tables that a run publishes to it become visible in one transaction. */
export function duckdb(path: string, options: Loading = {}): FileDestination {
  return { kind: 'duckdb', path, ...options };
}

/**
 * Parquet, in a folder or a bucket (`s3://bucket/folder/`, `gs://bucket/folder/`). A path that ends in `.parquet` is one file with one table; any other is a folder with `<table>.parquet`, or,
 * for `append`, with `<table>/<load id>.parquet`; with `partitionBy`, below `<table>/<column>=<value>/`. Each file
 * becomes visible whole; several are not switched in one moment.
 */
export function parquetFiles(path: string, options: Partitioned = {}): FileDestination {
  return { kind: 'parquet', path, ...options };
}

/** A Postgres database, by the name of the setting that holds its URL. All tables of a run become visible in one transaction. */
export function postgres(setting: string, options: Loading & { readonly schema?: string } = {}): PostgresDestination {
  return { kind: 'postgres', setting, ...options };
}

/**
 * A dataset of BigQuery, as `bigquery://project/dataset` or by the name of a setting that holds that. Rows of all tables of a run
 * become visible in one transaction.
 */
export function bigquery(place: string, options: Loading = {}): BigQueryDestination {
  return { kind: 'bigquery', place, ...options };
}

/** A DuckLake. All tables of a run become visible in one transaction of its catalogue. */
export function ducklake(path: string, options: Partitioned & { readonly setting?: string } = {}): DuckLakeDestination {
  return { kind: 'ducklake', path, ...options };
}

/** Tables that Athena queries. No version publishes there yet: a run says so before it reads anything. */
export function athena(place: Omit<AthenaDestination, 'kind'>): AthenaDestination {
  return { kind: 'athena', ...place };
}

/**
 * One of several destinations: the one that the setting names, or, where it is not set, the one that the environment takes.
 * `among`: name → destination; `defaults`: environment → name.
 */
export function chosenBy(
  setting: string,
  among: DestinationChoice['among'],
  defaults: DestinationChoice['defaults'],
): DestinationChoice {
  return { kind: 'choice', setting, among, defaults };
}

/**
 * The destination that the place in a setting leads to: a folder, `s3://bucket/folder/` or `gs://bucket/folder/`, all of them
 * of Parquet. `otherwise`: what is taken where the setting is not set; the other options: how tables are loaded where it is.
 */
export function placedBy(
  setting: string,
  { otherwise, ...loading }: Partitioned & { readonly otherwise?: DestinationDefinition } = {},
): DestinationByPlace {
  return { kind: 'place', setting, ...(otherwise ? { otherwise } : {}), loading };
}
