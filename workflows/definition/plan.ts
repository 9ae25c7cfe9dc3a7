import type { Severity } from './check.ts';
import type { Column } from './column.ts';

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
}

/** A source, resolved: where its file is and what every value must be. */
export interface SourcePlan {
  readonly name: string;
  readonly kind: 'csv';
  /** Absolute path of the file. */
  readonly path: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  /** Milliseconds; absent when any age will do. */
  readonly freshWithinMs?: number;
  /** A share from 0 to 1. */
  readonly failAbove: number;
  readonly newColumns: 'warn' | 'fail';
  readonly delimiter: string;
  readonly quote: string;
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
  /** In order, with DuckDB's names of the types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[];
  readonly references: readonly { readonly column: string; readonly table: string; readonly to: string }[];
  readonly indexes: readonly (readonly string[])[];
}

export interface DestinationPlan {
  /** Unique within the plan, for people: the file's name. */
  readonly name: string;
  readonly kind: 'sqlite';
  /** Absolute path of the database file. */
  readonly path: string;
  /** In an order in which every reference points to an earlier table. */
  readonly tables: readonly TablePlan[];
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
  readonly options: RunOptions;
}
