import type { DrainPlan } from './definition/index.ts';
import type { FailedSource, LakeUri, RunIdentity } from './stages.ts';

/** What the workflow asks of the stage that drains a source. */
export interface DrainRequest {
  readonly run: RunIdentity;
  readonly drain: DrainPlan;
  /** The source's name. */
  readonly source: string;
  readonly lake: LakeUri;
}

/** What all batches of a source in one run came to: `read = inserted + unchanged + quarantined + unknownShape`. */
export interface DrainTotals {
  readonly batches: number;
  readonly read: number;
  readonly inserted: number;
  /** Rows that were there already, by their ids and records. */
  readonly unchanged: number;
  readonly quarantined: number;
  /** Records of shapes that no mapping is for. They wait for one. */
  readonly unknownShape: number;
  /** Why records were quarantined, most frequent first, at most 20. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Of the rows that were inserted, in any order, hex. */
  readonly digest: string;
}

/** A source that was drained, until nothing was left or the stage had to make room. */
export interface DrainedSource {
  /** Whether records may still wait. */
  readonly left: boolean;
  readonly totals: DrainTotals;
}

export type TallyRequest = DrainRequest;

export type ReviewWaitingRequest = Omit<DrainRequest, 'source' | 'lake'>;

/** What came of a further look at the records that wait. */
export interface ReviewedShapes {
  /** Records of this run or an earlier one that are rows since. */
  readonly loaded: number;
  /** Absent: none is configured. */
  readonly model?: AskedModel;
}

/** What a language model was asked for. */
export interface AskedModel {
  /** Shapes that it was asked about. */
  readonly asked: number;
  readonly proposed: number;
  /** Why it could not be asked, or not to the end. */
  readonly problem?: string;
}

/** What a source came to in a whole run. */
export interface DrainTally extends DrainTotals {
  readonly source: string;
  /** Where the records waited, for people. */
  readonly uri: string;
  /** Parquet, as of any source: the records that were put aside, each with its reason. */
  readonly quarantine: LakeUri;
  /** Objects of a bucket that were done. Default: it is none. */
  readonly files?: number;
  /** What a model was asked for at the end of the run; stands with one of its sources. Default: nothing. */
  readonly model?: AskedModel;
  /** Objects that could not be read, at most 20 of them. Default: none. */
  readonly failedFiles?: readonly FailedSource[];
}
