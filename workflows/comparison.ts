import type { TableChanges } from './difference.ts';
import type { LakeUri, RunIdentity } from './stages.ts';
import type { StagedTable } from './tables.ts';

/** The stage of a replay that holds what would be published against what was. */

export interface CompareRequest {
  readonly run: RunIdentity;
  /** Where the difference is written. */
  readonly lake: LakeUri;
  /** The receipt of the run that is replayed. */
  readonly receipt: LakeUri;
  readonly asOf: string;
  /** What would be published today. */
  readonly tables: readonly ComparedTable[];
  /** Rows and cells of each table that stand for the others. */
  readonly examples: number;
}

export interface ComparedTable extends Pick<StagedTable, 'name' | 'uris'> {
  /** Rows are told apart by it; empty: only by all of their values. */
  readonly key: readonly string[];
  /** One of a source: its `_file`, `_line`, `_offset` and `_length` are not published. */
  readonly from?: 'source';
}

export interface Comparison {
  /** JSON in the lake: a `RunDifference`. */
  readonly difference: LakeUri;
  readonly tables: readonly TableChanges[];
}
