import type { Session } from '../../duckdb/session.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { ColumnMapping } from '../staged-load.ts';

/** A table or view as a database itself describes it. */
export interface TableThere {
  readonly kind: string;
  readonly columns: readonly (ThereColumn & {
    /** The type as the database's own catalogue has it. */
    readonly declared: string;
  })[];
  readonly key: readonly string[];
  readonly references: readonly { readonly column: string; readonly table: string; readonly to: string }[];
  /** Names of the indexes that somebody asked for. */
  readonly indexes: readonly string[];
  /** Whether a row that is inserted later has a higher `rowid`. */
  readonly grows: boolean;
}

/** What the publisher needs to know of a kind of database. What an engine can or cannot do is a field here. */
export interface DatabaseEngine {
  /** Whether foreign keys are declared. */
  readonly foreignKeys: boolean;
  /** Rows up to which a table has its primary key and its indexes; beyond, they are left out. */
  readonly indexedRows: number;
  readonly column: ColumnMapping;
  /** Attaches the database file as `destination` and makes it the default; the file and its folders are made where they are missing. */
  open(session: Session, path: string): Promise<void>;
  /** What stands under a name in the attached database, as the running transaction sees it. */
  tableAt(session: Session, name: string): Promise<TableThere | undefined>;
  /** Words for what the engine or the file system says of a database that cannot be written; anything else comes back as it was. */
  problem(error: unknown, path: string): unknown;
}
