/**
 * A line of the event log: an attempt at an activity has begun or ended. Names, counts and times; no rows, no values, no
 * secrets. `docs/events.md` describes it for those who read it.
 */
export type ActivityEvent = Attempt & (Started | Completed | Failed | Cancelled);

/** What every line says: which attempt, where and when. */
export interface Attempt {
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly environment: string;
  /** Of the worker's process. */
  readonly pid: number;
  readonly taskQueue: string;
  readonly workflow: string | null;
  readonly workflowId: string | null;
  readonly runId: string | null;
  /** Its type: `ingest`. */
  readonly activity: string;
  /** Which one of a run: `ingest orders`. */
  readonly activityId: string;
  /** From 1. */
  readonly attempt: number;
}

interface Started {
  readonly event: 'started';
}

/** How long an attempt took, and what it said last of how far it came; `null` where it says nothing of that. */
export interface Ended {
  readonly durationMs: number;
  readonly rows: number | null;
  readonly bytes: number | null;
}

interface Completed extends Ended {
  readonly event: 'completed';
}

interface Cancelled extends Ended {
  readonly event: 'cancelled';
  /** Temporal's word: `CANCELLED`, `WORKER_SHUTDOWN`, `TIMED_OUT`, … */
  readonly reason: string;
}

interface Failed extends Ended {
  readonly event: 'failed';
  readonly failure: EventFailure;
}

export interface EventFailure {
  /** Stable: `SourceMissing`; `Unexpected` for what nobody foresaw. */
  readonly type: string;
  /** Of the error that was thrown: `AcequiaError`, `TypeError`. */
  readonly class: string;
  /** One line. */
  readonly message: string;
  readonly where: string | null;
  readonly remedy: string | null;
  /** Whether trying again may help. */
  readonly retryable: boolean;
  /** What led to it, nearest first, values masked. */
  readonly causes: readonly { readonly class: string; readonly code: string | null; readonly message: string }[];
}
