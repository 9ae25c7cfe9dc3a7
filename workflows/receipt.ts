import type { DestinationPlace, LoadMode, RunOptions, Severity, TablePlan } from './definition/index.ts';
import type { TableChanges } from './difference.ts';
import type { UploadedFile } from './upload.ts';
import type { LakeUri, Outcome, RunError, RunIdentity } from './stages.ts';

/**
 * Where in the lake the receipt of a run is: for whoever knows no more than the run's id. Those of replays lie apart, as
 * none of them is a run of the pipeline.
 */
export function receiptKey(run: Pick<RunIdentity, 'pipeline' | 'runId' | 'replayOf'>): string {
  const folder = `receipts/${run.pipeline}${run.replayOf === undefined ? '' : '/replays'}`;
  return `${folder}/${run.runId}.json`;
}

/** Where the signature over a receipt's bytes is, of one that was signed: beside it. `receipt`: its key, or its URI. */
export function signatureOf(receipt: string): string {
  return `${receipt}.sig`;
}

/** A detached signature over the exact bytes of a receipt: as JSON beside it. */
export interface ReceiptSignature {
  readonly algorithm: 'ed25519';
  /** PEM (SPKI) of the key that the signature holds by. Whether to trust it is for the reader to say. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
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
  /** What was done, in order: every stage and slice that has begun. */
  readonly steps: readonly ReceiptStep[];
  readonly sources: readonly ReceiptSource[];
  readonly tables: readonly ReceiptTable[];
  readonly checks: readonly ReceiptCheck[];
  /** Whether every sum closes. A run whose sums do not close is not published. */
  readonly accounted: boolean;
  readonly error: RunError | null;
  /** Of a replay: the run that was done once more, and what came out otherwise; null of a run. */
  readonly replay: ReceiptReplay | null;
  /** Where the tables went: names as in `tables`. What leads to a server is the name of a setting. */
  readonly destinations: readonly (DestinationPlace & { readonly name: string })[];
  /** What lies in a bucket since this run, or lay there before in the same bytes. */
  readonly uploads: readonly UploadedFile[];
  /** The counts that the definition asks for; null where it asks for none, or the run did not publish. */
  readonly metrics: Readonly<Record<string, number>> | null;
  /** What was published where: absolute paths. */
  readonly results: readonly string[];
  readonly versions: { readonly acequia: string; readonly duckdb: string; readonly node: string };
}

/** What today's definition makes of an earlier run's input. Where a replay worked is gone with its end. */
export interface ReceiptReplay {
  /** Of the run that was replayed. */
  readonly runId: string;
  /** JSON in the lake: the differences, with examples; null when the replay failed before it could compare. */
  readonly difference: LakeUri | null;
  readonly tables: readonly TableChanges[];
}

/** One stage, or one slice of it. Times are those of the workflow: tries and waiting between them are included. */
export interface ReceiptStep {
  /** `plan`, `positions`, `snapshot`, `ingest`, `transform`, `check`, `publish`, `upload` or `compare`. */
  readonly name: string;
  /** The source or destination it is about. */
  readonly slice: string | null;
  readonly state: 'done' | 'failed';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  /** Null where it takes or leaves no rows, or did not come to its end. */
  readonly rowsIn: number | null;
  readonly rowsOut: number | null;
}

/** `read = staged + quarantined + deduplicated`. A file that could not be read while the others of its source went on has an entry of its own. */
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
  /** Rows that repeat a key, of which a later one was taken. */
  readonly deduplicated: number;
  /** Why rows were quarantined, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Values that the contract left out of rows that were kept. */
  readonly discarded: number;
  /** Parquet with the quarantined rows and discarded values; null when the source failed. */
  readonly quarantine: string | null;
  /** JSON: how each file was read, and what decided the type of each column; null when the source failed. */
  readonly report: string | null;
  /** What the report says, in short; null when the source failed. */
  readonly reading: ReceiptReading | null;
  readonly error: RunError | null;
}

/** How the files of a source were read, and what their columns became. */
export interface ReceiptReading {
  /** Files that are written in the same way are one entry; the most frequent first, at most 20. */
  readonly kinds: readonly ReceiptFileKind[];
  readonly columns: readonly {
    /** The staged table: of nested lists there are several. */
    readonly table: string;
    readonly name: string;
    /** As a contract writes it: `decimal(10,2)`, with `!` where it is required. */
    readonly type: string;
    readonly origin: 'declared' | 'inferred';
  }[];
}

export interface ReceiptFileKind {
  readonly format: string;
  readonly compression: string;
  /** Empty for formats that are no text. */
  readonly encoding: string;
  /** How they are written, in words; empty for formats that have only one way. */
  readonly dialect: string;
  /** How many they are. */
  readonly files: number;
  /** One of them: the first. */
  readonly example: string;
}

/**
 * For a table with one row per source row: `read = rows + quarantined + deduplicated + filtered`, `quarantined` being the
 * source's and its own. At the destination: `rows = inserted + updated + unchanged + outdated`.
 */
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
  /** Rows that `--since` left out. */
  readonly filtered: number;
  /** Rows that broke the table's own rules, and why, most frequent first. */
  readonly quarantined: number;
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Parquet with those rows; null for a table without rules. */
  readonly quarantine: string | null;
  /** Rows that were left aside because a later version of them is at the destination. */
  readonly outdated: number;
  readonly digest: string | null;
  readonly loadId: string | null;
  /** How the rows were put there; null when they were not. */
  readonly mode: LoadMode | null;
  /** What was asked of the destination: key, way of loading, types; null when it was not published. */
  readonly plan: TablePlan | null;
  /** Parquet files in the lake that together hold the rows, as they were made or staged. */
  readonly stored: readonly LakeUri[];
  /** Statements that changed the destination's structure. */
  readonly ddl: readonly string[];
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
  /** Whether no person can publish in spite of it: sums, and the keys of tables. */
  readonly unconditional: boolean;
  /** The query that shows them all; null for guards and sums. */
  readonly query: string | null;
  /** Why a person published although it failed; null where nobody did, or it did not stop the run. */
  readonly override: { readonly reason: string } | null;
}

/** Whether anything of the run went to a destination. */
export function isPublished({ tables }: Pick<Receipt, 'tables'>): boolean {
  return tables.some(({ destination }) => destination !== null);
}

/** Whether a table got its rows in the batches of a drain, none of which the lake keeps. */
export function isDrained({ plan, loadId, digest }: Pick<ReceiptTable, 'plan' | 'loadId' | 'digest'>): boolean {
  return plan === null && loadId === null && digest !== null;
}
