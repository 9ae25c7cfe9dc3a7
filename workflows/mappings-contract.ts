/** The contract between the review of mappings and its activities. References and counts only: no rows, no personal data. */
import type { DrainPlan, Mapping, ShapePaths } from './definition/index.ts';
import type { RunIdentity } from './stages.ts';

/** All that starts a review. */
export interface ReviewRequest {
  readonly pipeline: string;
  readonly environment: string;
}

/** A mapping that a person approves for the records of a shape. */
export interface ApprovalRequest {
  readonly shape: { readonly id: string; readonly paths: ShapePaths };
  readonly mapping: Mapping;
  /** Why, for whoever asks later. */
  readonly reason?: string;
}

/** What an approval came to. */
export interface Approval {
  readonly mapping: { readonly id: string; readonly version: number };
  /** `false`: it was in force before. */
  readonly kept: boolean;
  readonly redriven: Redriven;
}

/** What became of records that were put aside, once they were taken up again. */
export interface Redriven {
  /** Records that are rows now. */
  readonly loaded: number;
  /** Records that are quarantined now, most frequent reason first, at most 20. */
  readonly quarantined: number;
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Records of the shapes that the mapping is for which still wait: its conditions do not hold for them. */
  readonly waiting: number;
}

export interface KeepRequest extends ApprovalRequest {
  readonly drain: DrainPlan;
}

export interface RedriveRequest {
  readonly run: Pick<RunIdentity, 'pipeline' | 'runId'>;
  readonly drain: DrainPlan;
  /** The one whose records are taken up again. Default: all that are in force. */
  readonly mapping?: Approval['mapping'];
}

export interface MappingActivities {
  /** Keeps a mapping as approved. Run twice, it says what it said. */
  keepMapping(request: KeepRequest): Promise<{ readonly kept: boolean }>;
  redrive(request: RedriveRequest): Promise<Redriven>;
}

/** One open review per pipeline and environment. */
export function reviewIdOf({ pipeline, environment }: ReviewRequest): string {
  return `${pipeline}-${environment}-mappings`;
}
