/** `replace`: the load becomes the table. `append`: its rows are added. `merge`: by key, new rows are added and changed ones updated. */
export const LOAD_MODES = ['replace', 'append', 'merge'] as const;

export type LoadMode = (typeof LOAD_MODES)[number];

export const DESTINATION_KINDS = ['sqlite', 'duckdb', 'parquet'] as const;

export interface DestinationDefinition {
  readonly kind: (typeof DESTINATION_KINDS)[number];
  /** A file, or for Parquet a file or a folder, relative to the pipeline's output folder. */
  readonly path: string;
  /** Default `replace`. */
  readonly mode?: LoadMode;
}

interface Options {
  readonly mode?: LoadMode;
}

/** A SQLite database file. All tables that a run publishes to it become visible in one transaction. */
export function sqlite(path: string, options: Options = {}): DestinationDefinition {
  return { kind: 'sqlite', path, ...options };
}

/** A DuckDB database file. All tables that a run publishes to it become visible in one transaction. */
export function duckdb(path: string, options: Options = {}): DestinationDefinition {
  return { kind: 'duckdb', path, ...options };
}

/**
 * Parquet. A path that ends in `.parquet` is one file with one table; any other is a folder with `<table>.parquet`, or,
 * for `append`, with `<table>/<load id>.parquet`. Each file becomes visible whole; several are not switched in one moment.
 */
export function parquetFiles(path: string, options: Options = {}): DestinationDefinition {
  return { kind: 'parquet', path, ...options };
}
