import type { GuardResult, LakeUri } from './stages.ts';

/** A table in the lake as Parquet. */
export interface StagedTable {
  readonly name: string;
  readonly rows: number;
  /** One file or more; together they are the table. A column that one of them lacks is NULL there. */
  readonly uris: readonly LakeUri[];
  /** Names the content by what it was made from, the same in every version. Absent: the rows themselves are digested where it matters. */
  readonly identity?: string;
}

export interface TransformedTable extends StagedTable {
  /** Rows of the source this table promises one row for each of; absent without such a promise. */
  readonly promisedRows?: number;
  /** Rows that were dropped because they repeat a key, by the order that was declared. Absent where none was. */
  readonly deduplicated?: number;
  /** Rows that were left out because they are older than what the run was asked for. Absent where nothing was asked. */
  readonly filtered?: number;
  /** What its rules have found; absent where it has none. */
  readonly quarantined?: QuarantinedRows;
}

/** Rows of a table that broke its rules. */
export interface QuarantinedRows {
  readonly rows: number;
  /** Reason → rows, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Parquet, with the columns of a source's quarantine. */
  readonly quarantine: LakeUri;
  readonly guard: GuardResult;
}
