/**
 * The contract between the workflow and its stages. Workflows call these names; `activities/` implements them.
 *
 * Stages hand each other references into the lake and counts, never rows: what they return is recorded in history.
 * Every stage may run twice and may be killed anywhere; what it leaves behind is named by its content.
 */
import type {
  CheckPlan,
  DestinationPlace,
  DestinationPlan,
  ModelPlan,
  Override,
  Plan,
  RunOptions,
  Severity,
  SourcePlan,
  TablePlan,
} from './definition/index.ts';
import type { CountedSource, DatabaseSnapshot, Positions, PositionsRequest, SnapshotRequest } from './database.ts';
import type { CompareRequest, Comparison } from './comparison.ts';
import type {
  DrainedSource,
  DrainRequest,
  DrainTally,
  ReviewedShapes,
  ReviewWaitingRequest,
  TallyRequest,
} from './drain-contract.ts';
import type { StageProgress } from './progress.ts';
import type { StagedTable, TransformedTable } from './tables.ts';
import type { UploadedFiles, UploadRequest } from './upload.ts';

export type { CompareRequest, ComparedTable, Comparison } from './comparison.ts';
export type { StagedTable, TransformedTable } from './tables.ts';

/** Names one run. `rootRunId` stays the same when a run is reset. */
export interface RunIdentity {
  readonly pipeline: string;
  readonly environment: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly rootRunId: string;
  /** ISO instant. */
  readonly startedAt: string;
  /** Of a replay: the run that it does once more. */
  readonly replayOf?: string;
}

/** Bytes in the lake, named by a URI below the lake's own. */
export type LakeUri = string;

export interface PlanRequest {
  readonly run: RunIdentity;
  readonly options: RunOptions;
}

export interface IngestRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  readonly source: SourcePlan;
}

/** A file of an earlier run, as it is kept in the lake. */
export interface LandedFile {
  /** As the run called it: relative to the source's root, with `/`. */
  readonly name: string;
  /** SHA-256 of its bytes, hex. */
  readonly digest: string;
  readonly landing: LakeUri;
  /** Whether it is one of the source's own, or was handed in with corrected records of it. */
  readonly origin: 'own' | 'correction';
}

/** A statement about a source's file that held or did not. */
export interface GuardResult {
  readonly name: string;
  readonly severity: Severity;
  readonly passed: boolean;
  /** One sentence with the values, when it did not hold. */
  readonly detail: string;
  /** The rows it is about, where it is about rows. */
  readonly rows?: number;
}

/** One source, landed and staged: `read = staged + quarantined + deduplicated`. */
export interface IngestedSource {
  readonly name: string;
  /** The file, folder or glob as the plan names it. */
  readonly uri: string;
  /** How many files were read. */
  readonly files: number;
  /** Of all files, as they lie where they came from. */
  readonly bytes: number;
  /** SHA-256 in hex: of the file's bytes; of several files, over their names and digests. */
  readonly digest: string;
  readonly read: number;
  readonly staged: number;
  readonly quarantined: number;
  /** Rows that were dropped because they repeat a key, by the order that was declared. Absent where none was. */
  readonly deduplicated?: number;
  /** Values that the contract left out of rows that were kept. */
  readonly discarded: number;
  /** Reason → rows, most frequent first, at most 20. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /**
   * The records' table, named as the source, then those of nested lists. Parquet: the columns, then `_file` (VARCHAR),
   * `_line` (BIGINT, 1-based), `_offset` and `_length` (BIGINT, bytes); of lists `_parent`, `_position`, `_file`, `_line`, `_offset`.
   */
  readonly tables: readonly StagedTable[];
  /**
   * Parquet, one row for each quarantined record or discarded value: `file, line, offset, column, value, expected, reason,
   * record, cells, kept`.
   */
  readonly quarantine: LakeUri;
  /** JSON: how each file was read, and what decided the type of each column. */
  readonly report: LakeUri;
  readonly guards: readonly GuardResult[];
  /** Files that could not be read, at most 20 of them, and how many there are; the others went on. */
  readonly parked: readonly FailedSource[];
  readonly parkedFiles: number;
  /** Of a table of a database: rows that it has there, and of those the ones that were to be read, as it has counted them. */
  readonly total?: number;
  readonly counted?: number;
}

export interface TransformRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  readonly asOf: string;
  readonly models: readonly ModelPlan[];
  readonly sources: readonly StagedTable[];
}

export interface CheckRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  readonly asOf: string;
  readonly checks: readonly CheckPlan[];
  readonly sources: readonly StagedTable[];
  readonly tables: readonly StagedTable[];
  /** Of sources that are tables of databases. Default: none. */
  readonly counted?: readonly CountedSource[];
  /** Tables that are looked at as they stand at a destination, those in `tables` as they will stand there. Default: none. */
  readonly standing?: StandingTables;
  /** What the report is called. Default `checks`. */
  readonly report?: string;
}

/** Tables of one destination. */
export interface StandingTables {
  readonly place: DestinationPlace;
  readonly tables: readonly TablePlan[];
}

export interface CheckOutcome {
  readonly name: string;
  readonly severity: Severity;
  readonly status: 'passed' | 'failed' | 'error';
  /** Rows that break the statement. */
  readonly failed: number;
  readonly blocking: boolean;
  /** No person can publish in spite of it: what is published would be wrong. */
  readonly unconditional?: true;
}

/** `report` is JSON in the lake: a list of `CheckDetail`. */
export interface CheckReport {
  readonly outcomes: readonly CheckOutcome[];
  readonly report: LakeUri;
}

/** A check's outcome with what a person needs to look further. In the lake, not in history: keys may be personal. */
export interface CheckDetail extends CheckOutcome {
  readonly table: string;
  /** Failing rows by their keys, at most ten, as `venta_id=17`. */
  readonly sample: readonly string[];
  /** The query that shows them all; `source.<name>` and table names stand for files in the lake. */
  readonly query: string;
  /** Why the check itself could not be run. */
  readonly error?: string;
}

export interface PublishRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  readonly destination: DestinationPlan;
  readonly tables: readonly StagedTable[];
  readonly fullRefresh: readonly string[];
  /** Checks that would have stopped this, and why a person publishes all the same. */
  readonly overrides: readonly Override[];
  /** ISO instant at which the workflow asked for this. A destination that holds a later one refuses. */
  readonly requestedAt: string;
  /** Table → how far it has come with this load; the ledger keeps it. Default: none. */
  readonly positions?: Readonly<Record<string, string>>;
}

export interface PublishedTable {
  readonly name: string;
  readonly destination: string;
  readonly loadId: string;
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Rows of the load that were left aside because a later version of them is there. Default: none. */
  readonly outdated?: number;
  /** Order-independent digest of the rows at the destination, hex. */
  readonly digest: string;
  /** What the destination itself says of the table's structure, where it is not as declared; read before the commit. */
  readonly differences: readonly string[];
  /** Statements of this load that changed the destination's structure, in their order. Default: none. */
  readonly ddl?: readonly string[];
}

/** How a run ended. `blocked`: a check stopped it before anything was published. */
export type Outcome = 'succeeded' | 'warned' | 'blocked' | 'failed' | 'cancelled' | 'skipped';

/** An error as it is shown: the stable type and a sentence for people. */
export interface RunError {
  readonly type: string;
  readonly message: string;
  readonly stage: string;
}

/** A source, or a file of one, that could not be read; the others went on. */
export interface FailedSource {
  readonly name: string;
  readonly error: RunError;
}

export interface ReceiptRequest {
  readonly run: RunIdentity;
  readonly finishedAt: string;
  readonly outcome: Outcome;
  readonly plan?: Plan;
  readonly sources: readonly IngestedSource[];
  /** Of a drain. Default: nothing was drained. */
  readonly drained?: readonly DrainTally[];
  readonly failedSources: readonly FailedSource[];
  readonly transformed: readonly TransformedTable[];
  readonly checks?: CheckReport;
  /** Of what stood at the destinations afterwards, where that was asked for. */
  readonly validated?: readonly CheckReport[];
  readonly published: readonly PublishedTable[];
  /** Where it was asked for, and came so far. */
  readonly uploaded?: UploadedFiles;
  /** Of a replay that came so far. */
  readonly compared?: Comparison;
  /** Every stage and slice that has begun, in order; absent in requests of earlier versions. */
  readonly steps?: readonly StageProgress[];
  readonly error?: RunError;
}

/** The receipt's place, and its short form in Markdown for the run's details. */
export interface ReceiptReference {
  readonly uri: LakeUri;
  readonly accounted: boolean;
  readonly markdown: string;
}

export interface AlertRequest {
  readonly run: RunIdentity;
  readonly outcome: Outcome;
  /** Absent when not even the receipt could be written. */
  readonly receipt?: LakeUri;
  readonly error?: RunError;
}

export interface DiscardRequest {
  readonly run: RunIdentity;
}

export interface Stages {
  plan(request: PlanRequest): Promise<Plan>;
  positions(request: PositionsRequest): Promise<Positions>;
  snapshot(request: SnapshotRequest): Promise<DatabaseSnapshot>;
  ingest(request: IngestRequest): Promise<IngestedSource>;
  drain(request: DrainRequest): Promise<DrainedSource>;
  /** What a drain came to, however it went. */
  tally(request: TallyRequest): Promise<DrainTally>;
  /** A further look at the records that wait, at the end of a drain. */
  review(request: ReviewWaitingRequest): Promise<ReviewedShapes>;
  transform(request: TransformRequest): Promise<TransformedTable[]>;
  check(request: CheckRequest): Promise<CheckReport>;
  publish(request: PublishRequest): Promise<PublishedTable[]>;
  upload(request: UploadRequest): Promise<UploadedFiles>;
  /** Of a replay, in the place of `publish`. */
  compare(request: CompareRequest): Promise<Comparison>;
  alert(request: AlertRequest): Promise<void>;
  /** Of a replay, in the place of `alert`: removes where it worked. */
  discard(request: DiscardRequest): Promise<void>;
  receipt(request: ReceiptRequest): Promise<ReceiptReference>;
}
