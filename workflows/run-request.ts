import type { RunOptions } from './definition/index.ts';
import type { LakeUri, Outcome } from './stages.ts';

/** All that starts a run, from a person or a schedule. */
export interface RunRequest {
  readonly pipeline: string;
  readonly environment: string;
  readonly options: RunOptions;
  /** ISO instant before which nothing is done: of a run that follows another of its own accord. Default: at once. */
  readonly notBefore?: string;
}

/** What a run returns; everything else is in the receipt. */
export interface RunResult {
  readonly outcome: Outcome;
  readonly receipt: LakeUri;
  readonly accounted: boolean;
}

/**
 * One open run per pipeline and environment: Temporal's uniqueness of this id is the lock. Replays publish nothing, and
 * go beside the runs: one of each run that is replayed.
 */
export function workflowIdOf({ pipeline, environment, options }: RunRequest): string {
  const { replayOf } = options;
  return replayOf ? `replay-${pipeline}-${environment}-${replayOf.runId}` : `${pipeline}-${environment}`;
}
