/** The contract between the clean-up workflow and its one activity. References and counts only: no rows, no personal data. */
import type { Retention, RetainedPart } from './definition/index.ts';

/** All that starts a clean-up. */
export interface CleanUpRequest {
  readonly environment: string;
  readonly retention: Retention;
  /** Count what would go, and remove nothing. */
  readonly dryRun: boolean;
}

/** The same for the activity, with what names this clean-up and what it takes for now. */
export interface CleanUpStep extends CleanUpRequest {
  readonly runId: string;
  /** ISO instant: when the clean-up was started. */
  readonly at: string;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface PartSummary {
  /** `incoming`: what killed writes have left behind. */
  readonly part: RetainedPart | 'incoming';
  /** As it was set; null for a part that is kept for ever, and for what killed writes have left. */
  readonly retention: string | null;
  /** What was removed; of a dry run, what would be. */
  readonly freed: Amount;
  readonly kept: Amount;
  readonly oldestKept: { readonly key: string; readonly writtenAt: string } | null;
}

export interface CleanUpSummary {
  readonly dryRun: boolean;
  /** ISO instant. */
  readonly at: string;
  /** Since when the oldest open run has been so: nothing younger was removed. Null where none is open. */
  readonly openSince: string | null;
  readonly parts: readonly PartSummary[];
}

export interface CleanUpActivities {
  cleanUp(step: CleanUpStep): Promise<CleanUpSummary>;
}

/** One open clean-up per environment: Temporal's uniqueness of this id is the lock. */
export function cleanUpIdOf({ environment }: Pick<CleanUpRequest, 'environment'>): string {
  return `clean-up-${environment}`;
}

/** Where in the lake the record of a clean-up is. */
export function cleanUpKey(runId: string): string {
  return `clean-ups/${runId}.json`;
}

/** What a clean-up has done, as JSON in the lake; it is there before anything goes, and is never removed. */
export interface CleanUpRecord {
  readonly version: 1;
  readonly at: string;
  /** Null until it has come to its end. */
  readonly finishedAt: string | null;
  readonly retention: Retention;
  /** By part: all that was removed, and what is being removed now. */
  readonly freed: Readonly<Record<string, Amount>>;
  /** What is being removed now, and may still be there. */
  readonly going: readonly { readonly part: string; readonly key: string; readonly bytes: number }[];
}
