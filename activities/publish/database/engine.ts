import type { Session } from '../../duckdb/session.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { Site } from '../modes/site.ts';
import type { ColumnMapping, Load } from '../staged-load.ts';
import type { Structure } from './create-table.ts';
import type { DatabasePlace } from './database-place.ts';

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
  /** Columns whose type may give back another value than it was given, such as `timestamp(0)`, with that type. */
  readonly inexact: readonly { readonly name: string; readonly type: string }[];
  /** What may change a row while it is written, as people call it: `trigger audit`. */
  readonly triggers: readonly string[];
}

/** Names that an engine does not take, or not as they are. */
export interface NameLimits {
  /** Bytes that a name may have. Absent: any number. */
  readonly longest?: number;
  readonly tables?: RegExp;
  readonly columns?: RegExp;
}

/** Whoever only reads makes nothing: what is not there is told. */
export type Access = 'read' | 'write';

/** What the publisher needs to know of a kind of database. What an engine can or cannot do is a field here. */
export interface DatabaseEngine {
  /** Whether foreign keys are declared. */
  readonly foreignKeys: boolean;
  /** Rows up to which a table has its primary key and its indexes; beyond, they are left out. */
  readonly indexedRows: number;
  /** Rows up to which a load is read back and compared with what was given, where that means reading the table; beyond, rows are counted. */
  readonly readBackRows: number;
  /** DuckDB's names of types whose values the engine cannot compare; their text is compared. */
  readonly asText: readonly string[];
  readonly column: ColumnMapping;
  readonly names: NameLimits;
  /** Attaches the database as `destination` and makes it the default; files and folders are made where they are missing. */
  open(session: Session, place: DatabasePlace, access: Access): Promise<void>;
  /** Begins the one transaction of a publication: whoever else publishes there waits, or fails, until it ends. `ledger` makes the ledger. */
  begin(session: Session, ledger: () => Promise<void>): Promise<void>;
  /** What stands under a name in the attached database, as the running transaction sees it. */
  tableAt(session: Session, name: string): Promise<TableThere | undefined>;
  /** How many rows a table has, without reading them where the engine can do so. */
  rowCount(session: Session, name: string): Promise<number>;
  /** Where tables are changed. */
  site(session: Session): Site;
  /** Gives `use` the rows of a load, as SQL reads them at the site. */
  bring<Result>(session: Session, load: Load, use: (relation: string) => Promise<Result>): Promise<Result>;
  /** Makes the table of a load and fills it, in the place of one that is there. */
  make(session: Session, making: Making): Promise<void>;
  /** Changes the structure of a table that is there. Returns the statements that say what has changed. */
  restructure(session: Session, change: Restructuring): Promise<string[]>;
  /** Words for what the engine or the file system says of a database that cannot be written; anything else comes back as it was. */
  problem(error: unknown, place: string): unknown;
}

/** A table that is to be made. */
export interface Making {
  readonly load: Load;
  readonly structure: Structure;
  /** Columns that are never NULL. */
  readonly required: readonly string[];
  /** What stands behind `FROM`: the load's rows, in their order. */
  readonly rows: string;
  readonly there: TableThere | undefined;
}

/** What a table that is there is to have otherwise. */
export interface Restructuring {
  /** As the table is to have it. */
  readonly structure: Structure;
  readonly there: TableThere;
  readonly added: readonly ThereColumn[];
  /** With the types that they get. */
  readonly widened: readonly ThereColumn[];
  /** Its indexes are to be as the structure says. */
  readonly reindexed: boolean;
}
