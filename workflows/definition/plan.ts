import type { DrainPlan } from './drain-plan.ts';
import type { Severity } from './check.ts';
import type { Column } from './column.ts';
import type { MetricDefinition } from './metric.ts';
import type { DestinationKind, LoadMode, MissingWay } from './destination.ts';
import type { RunOptions } from './run-options.ts';
import type { Contract, CsvDialect, DatabaseSource, Encoding, Format, Nesting } from './source.ts';

/** Kinds of databases that are read. */
export type DatabaseKind = DatabaseSource['kind'];

/** A column of a contract, and where its values stand in the file. */
export interface SourceColumn extends Column {
  /** The list it stands in: `''` for the record itself, `items[]` for a nested one. */
  readonly list: string;
  /** The name in the header, or the path within that list: `meta.code`. */
  readonly field: string;
}

/** A condition on single rows: a row that breaks it is put into quarantine. */
export interface RowRule {
  /** What the reason says. */
  readonly name: string;
  /** SQL, true of a row that breaks it; the row's table goes by its own name. */
  readonly broken: string;
}

/** A source, resolved: where its files are and what every value must be. */
export interface SourcePlan {
  readonly name: string;
  readonly kind: Format | 'files';
  /** Absolute path of a file or a folder, or a glob. */
  readonly path: string;
  /** Absolute path of the folder that no symbolic link may lead out of. Default: the path's own folder. */
  readonly root?: string;
  /** Empty: nothing is promised, and every column is what its values prove. */
  readonly columns: readonly SourceColumn[];
  /** `files`: as the first file with a header has them. Default: those of the contract first, then what the files have besides. */
  readonly columnOrder?: 'files';
  readonly contract: Contract;
  readonly key: readonly string[];
  /** Of rows with the same key the one with the greatest values of these columns is staged, the others are counted. Default: the first; the others are quarantined. */
  readonly keepLatestBy?: readonly string[];
  /** Milliseconds; absent when any age will do. */
  readonly freshWithinMs?: number;
  /** A share from 0 to 1. */
  readonly failAbove: number;
  readonly encoding?: Encoding;
  /** What is declared of it; the rest is found out. */
  readonly dialect: CsvDialect;
  readonly records?: string;
  readonly sheet?: string;
  /** By path of the list; `'*'` for all others. */
  readonly nested: Readonly<Record<string, Nesting>>;
  /** Absolute paths of files with corrected records, read beside the others, none of which may fail. At least one. */
  readonly corrections?: readonly string[];
  /** Whether its Parquet files were landed by a snapshot, which gives rows their provenance if it can. Default: they are somebody's. */
  readonly ownRows?: true;
  /**
   * Of a replay: what is read in place of all these files, as JSON in the lake: the list of `LandedFile` of an earlier
   * run. `path` then only says where they once lay.
   */
  readonly landed?: string;
}

/** A database that is read, by reference: its URL is looked up where it is needed. */
export interface DatabaseReference extends Pick<ServerReference, 'setting' | 'url'> {
  /** Absolute path of the SQL that fills a database of the environment's own, which is read instead. Default: what the setting says. */
  readonly sample?: string;
}

/** The tables that are read from one database, all of them in one snapshot. */
export interface DatabasePlan extends DatabaseReference {
  /** Default `postgres`. */
  readonly kind?: DatabaseKind;
  /** What people call it: `postgres:LAKEHOUSE_SOURCE_URL`. */
  readonly name: string;
  readonly tables: readonly DatabaseTable[];
}

export interface DatabaseTable {
  /** The source that it is. */
  readonly source: string;
  /** Empty where the place itself names the dataset. */
  readonly schema: string;
  /** Of a query, what people call it. */
  readonly table: string;
  /** SQL of the database. Default: all columns of the table. */
  readonly query?: string;
  /** As what its rows are landed: JSON Lines where lists in them become tables. */
  readonly format: 'parquet' | 'jsonl';
  /** Only what is new or changed is read. Default: all rows. */
  readonly cursor?: {
    readonly column: string;
    /** Milliseconds. */
    readonly lagMs: number;
    /** Of a column without one. */
    readonly timezone: string;
  };
}

export interface ModelPlan {
  readonly name: string;
  /** Relative to the project's folder, for error messages. */
  readonly file: string;
  readonly sql: string;
  /** Tables that its SQL and its rules read: `source.<name>` or another model's name. */
  readonly inputs: readonly string[];
  readonly key: readonly string[];
  /** Of rows with the same key the one with the greatest values of these columns stays. Default: all stay. */
  readonly keepLatestBy?: readonly string[];
  /** Rows with the same values there are parts of one thing, and stay or go together. Default: every row by itself. */
  readonly partOf?: readonly string[];
  readonly onePer?: string;
  /** Rows before the instant `from` (ISO), by the values of `column`, are left out. Default: all stay. */
  readonly since?: { readonly column: string; readonly from: string };
  /** In order: the first one that a row breaks is the reason. Default: none. */
  readonly rules?: readonly RowRule[];
  /** The share of quarantined rows, from 0 to 1, above which nothing is published. Only beside `rules`. */
  readonly failAbove?: number;
}

/** A check compiled to a query that returns the failing rows; `keys` names the columns that identify them. */
export interface CheckPlan {
  readonly name: string;
  readonly table: string;
  readonly severity: Severity;
  readonly blocking: boolean;
  /** No person can publish in spite of it. */
  readonly unconditional?: true;
  readonly sql: string;
  readonly keys: readonly string[];
  /** Tables that it looks at besides its own, as a model's `inputs`. Default: none. */
  readonly inputs?: readonly string[];
}

export interface TablePlan {
  readonly name: string;
  /** Default `replace`. */
  readonly mode?: LoadMode;
  /** Default: of `delete-missing` `soft`, of `scd2` `close`. */
  readonly missing?: MissingWay;
  /** A share from 0 to 1. Default 0.1. */
  readonly vanishAtMost?: number;
  /** The table that is there keeps its structure: a load that does not fit is refused. Default: it gains columns, and wider types. */
  readonly freeze?: boolean;
  /** Columns by whose values rows are put into files of their own. Default: none. */
  readonly partitionBy?: readonly string[];
  /** Of `merge`: a row that is there stays where its values of these columns are greater than those of the load's. Default: the load's row is the later one. */
  readonly keepLatestBy?: readonly string[];
  /** Of `merge`: rows with the same values there are parts of one thing, and are replaced together. Default: every row by itself. */
  readonly partOf?: readonly string[];
  /** What staged table it is: a model's, or one of a source, whose `_file`, `_line`, `_offset` and `_length` stay behind. Default: a model's. */
  readonly from?: 'source';
  /** That staged table's name. Default: this one's. */
  readonly staged?: string;
  /** The source that is read in parts: how far the table has come stands in its ledger. Default: every load is whole. */
  readonly cursorOf?: string;
  /** In order, with DuckDB's names of the types. Empty: those that were staged. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[];
  readonly references: readonly { readonly column: string; readonly table: string; readonly to: string }[];
  readonly indexes: readonly (readonly string[])[];
}

/** A database server, by reference: what leads to it is looked up where it is needed, and stands in no plan. */
export interface ServerReference {
  /** The setting that holds the connection's URL. */
  readonly setting?: string;
  /** Where no setting is named: the URL itself, without a password. */
  readonly url?: string;
  /** Default `public`. */
  readonly schema?: string;
}

export interface DestinationPlace {
  readonly kind: DestinationKind;
  /** Absolute path of the file or folder; of a Postgres what people call it: `postgres:WAREHOUSE_URL`. */
  readonly path: string;
  /** Of a Postgres, and of a DuckLake whose catalogue is in one. */
  readonly server?: ServerReference;
}

export interface DestinationPlan extends DestinationPlace {
  /** Unique within the plan, for people: the file's name. */
  readonly name: string;
  /** In an order in which every reference points to an earlier table. */
  readonly tables: readonly TablePlan[];
  /** It also takes every table that the sources were staged as, in this way; `key`, `partitionBy` and `keepLatestBy` are those of the records' tables. */
  readonly staged?: Pick<TablePlan, 'missing' | 'vanishAtMost' | 'freeze' | 'partitionBy' | 'keepLatestBy' | 'key'> & {
    readonly mode: LoadMode;
  };
}

/** A definition resolved for one run: SQL inlined, dates fixed, no secrets. */
export interface Plan {
  readonly pipeline: string;
  readonly environment: string;
  readonly summary: string;
  /** SHA-256 of everything below, in hex. */
  readonly digest: string;
  /** `YYYY-MM-DD`; SQL reads it as `getvariable('as_of')`. */
  readonly asOf: string;
  /** Whether the sources are the shipped sample. */
  readonly sample: boolean;
  /** `file://` URI of the lake. */
  readonly lake: string;
  /** Absolute path of the folder for this pipeline's results. */
  readonly out: string;
  readonly sources: readonly SourcePlan[];
  /** Databases of which some of the sources are tables. Default: none. */
  readonly databases?: readonly DatabasePlan[];
  /** In an order in which every input comes before its reader. */
  readonly models: readonly ModelPlan[];
  readonly checks: readonly CheckPlan[];
  readonly destinations: readonly DestinationPlan[];
  /** Where parts of the run go once it has published. Default: nowhere. */
  readonly upload?: UploadPlan;
  /** Counts that are written into the output folder once the run has published: name → of what. Default: none. */
  readonly metrics?: Readonly<Record<string, MetricDefinition>>;
  /**
   * Whether a source that cannot be read stops the run before anything is published, or costs its own tables only. One with
   * corrections always stops it.
   */
  readonly failedSources: 'stop' | 'go-on';
  readonly options: RunOptions;
  /** What is drained, in place of all that is above. */
  readonly drain?: DrainPlan;
  /** Present: nothing is published. */
  readonly replay?: ReplayPlan;
}

/** What a run uploads, and where to. */
export interface UploadPlan {
  /** URL of a place in a bucket; ends in `/`. */
  readonly to: string;
  /** Names of destinations, and parts of the run. */
  readonly of: readonly string[];
}

/** A run that is done once more, for the sake of comparing. */
export interface ReplayPlan {
  /** URI of its receipt. */
  readonly receipt: string;
  /** URI of a lake of this replay alone, which goes with its end: nothing that was made before is taken for its work. */
  readonly scratch: string;
}
