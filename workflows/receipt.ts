import type { RunOptions, Severity } from './definition/index.ts';
import type { Outcome, RunError } from './stages.ts';

/** Where in the lake the receipt of a run is: for whoever knows no more than the run's id. */
export function receiptKey(run: { readonly pipeline: string; readonly runId: string }): string {
  return `receipts/${run.pipeline}/${run.runId}.json`;
}

/**
 * The closing account of a run, as JSON in the lake and on `--json`. The names are a promise to scripts; more may come,
 * none goes. Rows are counts, digests hex, times ISO instants.
 */
export interface Receipt {
  readonly version: 1;
  readonly run: {
    readonly pipeline: string;
    readonly environment: string;
    readonly workflowId: string;
    readonly runId: string;
    readonly planDigest: string | null;
    readonly asOf: string | null;
    readonly sample: boolean | null;
    /** What was asked of this run, as the plan holds it; null when there was no plan. */
    readonly options: RunOptions | null;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly outcome: Outcome;
  };
  readonly sources: readonly ReceiptSource[];
  readonly tables: readonly ReceiptTable[];
  readonly checks: readonly ReceiptCheck[];
  /** Whether every sum closes. A run whose sums do not close is not published. */
  readonly accounted: boolean;
  readonly error: RunError | null;
  /** What was published where: absolute paths. */
  readonly results: readonly string[];
  readonly versions: { readonly acequia: string; readonly duckdb: string; readonly node: string };
}

/** `read = staged + quarantined`. A file that could not be read while the others of its source went on has an entry of its own. */
export interface ReceiptSource {
  readonly name: string;
  readonly uri: string;
  /** How many files were read. */
  readonly files: number;
  readonly bytes: number;
  readonly digest: string | null;
  readonly read: number;
  readonly staged: number;
  readonly quarantined: number;
  /** Why rows were quarantined, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Values that the contract left out of rows that were kept. */
  readonly discarded: number;
  /** Parquet with the quarantined rows and discarded values; null when the source failed. */
  readonly quarantine: string | null;
  /** JSON: how each file was read, and what decided the type of each column; null when the source failed. */
  readonly report: string | null;
  readonly error: RunError | null;
}

/** For a table with one row per source row: `read = rows + quarantined + deduplicated + filtered`. */
export interface ReceiptTable {
  readonly name: string;
  /** Null when the table was made and not published. */
  readonly destination: string | null;
  /** The source this table has one row for each row of; null when it promises none. */
  readonly source: string | null;
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly deduplicated: number;
  readonly filtered: number;
  readonly digest: string | null;
  readonly loadId: string | null;
}

export interface ReceiptCheck {
  readonly name: string;
  readonly severity: Severity;
  readonly status: 'passed' | 'failed' | 'error';
  /** Rows that break it. */
  readonly failed: number;
  /** At most ten of them by their keys, or a sentence. */
  readonly sample: readonly string[];
  readonly blocking: boolean;
  /** The query that shows them all; null for guards and sums. */
  readonly query: string | null;
}
