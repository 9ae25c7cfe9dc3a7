export interface SqliteDestination {
  readonly kind: 'sqlite';
  /** The database file, relative to the pipeline's output folder. */
  readonly path: string;
}

export type DestinationDefinition = SqliteDestination;

/** A SQLite database file. All tables that a run publishes to it become visible in one transaction. */
export function sqlite(path: string): SqliteDestination {
  return { kind: 'sqlite', path };
}
