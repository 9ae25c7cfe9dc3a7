import type { Severity } from './check.ts';
import type { Column } from './column.ts';
import type { DestinationDefinition, LoadMode } from './destination.ts';
import type { Contract, ContractMode, CsvDialect, Encoding, Format, Nesting } from './source.ts';

/** What a person may ask of one run. Part of the plan, so that history records it. */
export interface RunOptions {
  /** `YYYY-MM-DD`: the day the run takes for today. Default: the sample's day, else the day the run started (UTC). */
  readonly asOf?: string;
  /** A folder that replaces the pipeline's inbox. */
  readonly inbox?: string;
  /** Only these tables, and what they are made from. Default: all. */
  readonly tables?: readonly string[];
  /** Everything up to and including the checks, nothing published. */
  readonly validateOnly?: boolean;
  /** Tables that are loaded again even where nothing changed. */
  readonly fullRefresh?: readonly string[];
  /** Source files may be of any age. */
  readonly anyAge?: boolean;
  /** Source → files with corrected records, read beside the source's own, in the order in which they came. */
  readonly corrections?: Readonly<Record<string, readonly Correction[]>>;
  /** Files go straight to a destination; there is no definition then. */
  readonly copy?: CopyOptions;
}

/** A file with corrected records of one source, kept as it was when it was handed in. */
export interface Correction {
  /** Absolute: `…/<SHA-256 of its bytes>/<name>`. CSV with the contract's columns, or JSON Lines. */
  readonly path: string;
  /** Which quarantined rows it corrects, where it says so: CSV, the columns that an export has in front. Named in the same way. */
  readonly places?: string;
}

/** What `acequia copy` is asked to do. */
export interface CopyOptions {
  /** Absolute paths of files and folders, or globs. */
  readonly from: readonly string[];
  readonly to: { readonly kind: DestinationPlan['kind']; /** Absolute. */ readonly path: string };
  /** All files go into this table. Default: a table for each file, named by its stem. */
  readonly table?: string;
  readonly mode: LoadMode;
  readonly key: readonly string[];
  /** Default: what is declared is held to, and all else is as the files are. */
  readonly contract?: ContractMode;
  /** Column → type, as a contract writes it: what is not named here is what its values prove. */
  readonly declare: Readonly<Record<string, string>>;
  /** How the files are written, where that must not be found out from them. */
  readonly format?: Format;
  readonly encoding?: Encoding;
  readonly dialect?: CsvDialect;
  readonly records?: string;
  readonly sheet?: string;
  readonly nested?: Nesting;
}

/** A column of a contract, and where its values stand in the file. */
export interface SourceColumn extends Column {
  /** The list it stands in: `''` for the record itself, `items[]` for a nested one. */
  readonly list: string;
  /** The name in the header, or the path within that list: `meta.code`. */
  readonly field: string;
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
}

export interface ModelPlan {
  readonly name: string;
  /** Relative to the pipeline's folder, for error messages. */
  readonly file: string;
  readonly sql: string;
  /** Tables its SQL reads: `source.<name>` or another model's name. */
  readonly inputs: readonly string[];
  readonly key: readonly string[];
  readonly onePer?: string;
}

/** A check compiled to a query that returns the failing rows; `keys` names the columns that identify them. */
export interface CheckPlan {
  readonly name: string;
  readonly table: string;
  readonly severity: Severity;
  readonly blocking: boolean;
  readonly sql: string;
  readonly keys: readonly string[];
}

export interface TablePlan {
  readonly name: string;
  /** Default `replace`. */
  readonly mode?: LoadMode;
  /** What staged table it is: a model's, or one of a source, whose `_file`, `_line`, `_offset` and `_length` stay behind. Default: a model's. */
  readonly from?: 'source';
  /** In order, with DuckDB's names of the types. Empty: those that were staged. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[];
  readonly references: readonly { readonly column: string; readonly table: string; readonly to: string }[];
  readonly indexes: readonly (readonly string[])[];
}

export interface DestinationPlan {
  /** Unique within the plan, for people: the file's name. */
  readonly name: string;
  readonly kind: DestinationDefinition['kind'];
  /** Absolute path of the file, or of the folder of Parquet files. */
  readonly path: string;
  /** In an order in which every reference points to an earlier table. */
  readonly tables: readonly TablePlan[];
  /** It also takes every table that the sources were staged as, in this way; `key` is that of the records' tables. */
  readonly staged?: { readonly mode: LoadMode; readonly key: readonly string[] };
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
  /** In an order in which every input comes before its reader. */
  readonly models: readonly ModelPlan[];
  readonly checks: readonly CheckPlan[];
  readonly destinations: readonly DestinationPlan[];
  /**
   * Whether a source that cannot be read stops the run before anything is published, or costs its own tables only. One with
   * corrections always stops it.
   */
  readonly failedSources: 'stop' | 'go-on';
  readonly options: RunOptions;
}
