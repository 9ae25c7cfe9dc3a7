import type { LoadMode, MissingWay } from './destination.ts';
import type { DestinationPlace } from './plan.ts';
import type { ContractMode, CsvDialect, Encoding, Format, Nesting } from './source.ts';

/** What a person may ask of one run. Part of the plan, so that history records it. */
export interface RunOptions {
  /** `YYYY-MM-DD`: the day the run takes for today. Default: the sample's day, else the day the run started (UTC). */
  readonly asOf?: string;
  /** A folder that replaces the pipeline's inbox. */
  readonly inbox?: string;
  /**
   * Only what is new or changed since then, inclusive: `YYYY-MM-DD`, the day's begin in the definition's zone, or an ISO
   * instant; one without a zone is in the definition's, else in UTC. Default: everything.
   */
  readonly since?: string;
  /** A sample of the pipeline by its name, in place of the inbox. Default: the one that ships, where samples are read at all. */
  readonly sample?: string;
  /** Only these tables, and what they are made from. Default: all. */
  readonly tables?: readonly string[];
  /** Everything up to and including the checks, nothing published. */
  readonly validateOnly?: boolean;
  /** Once published, the checks are asked again of what stands at the destination. */
  readonly validate?: boolean;
  /** Tables that are loaded again even where nothing changed. */
  readonly fullRefresh?: readonly string[];
  /**
   * Settings of databases and destinations that were set where the run was asked for: they must be set where the worker runs,
   * too. What they say goes nowhere, as it may hold a password.
   */
  readonly settings?: readonly string[];
  /** Of a drain: until nothing is left, and not again. Default: as its setting says. */
  readonly once?: boolean;
  /** Source files, and rows of databases, may be of any age. */
  readonly anyAge?: boolean;
  /** Source → files with corrected records, read beside the source's own, in the order in which they came. */
  readonly corrections?: Readonly<Record<string, readonly Correction[]>>;
  /** Checks that may fail in this one run, and why. */
  readonly publishAnyway?: readonly Override[];
  /** Files go straight to a destination; there is no definition then. */
  readonly copy?: CopyOptions;
  /** The input is that of a run that has ended; what comes out is compared with what it published, and nothing is published. */
  readonly replayOf?: ReplayedRun;
}

/** A run of the same pipeline, and how much of what differs from it is shown. */
export interface ReplayedRun {
  readonly runId: string;
  /** Rows and cells of each table that stand for the others. Default 20. */
  readonly examples?: number;
}

/** A blocking check that a person overrides for one run. */
export interface Override {
  /** Its full name, or a part that no other check of the run has; upper and lower case are the same. */
  readonly check: string;
  /** In a person's words; stands in the receipt, in the alert and in the destination's ledger. */
  readonly reason: string;
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
  readonly to: DestinationPlace;
  /** All files go into this table. Default: a table for each file, named by its stem. */
  readonly table?: string;
  readonly mode: LoadMode;
  readonly missing?: MissingWay;
  /** A share from 0 to 1. */
  readonly vanishAtMost?: number;
  readonly key: readonly string[];
  /** Of rows with the same key the one with the greatest values of these columns is taken. Default: the first; the others are quarantined. */
  readonly keepLatestBy?: readonly string[];
  /** Columns by whose values rows are put into files of their own: Parquet folders and DuckLakes. Default: none. */
  readonly partitionBy?: readonly string[];
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
