import type { DatabasePlan, DestinationPlan } from './definition/index.ts';
import type { FailedSource, LakeUri, RunIdentity } from './stages.ts';

/** Asks a destination how far its tables have come. */
export interface PositionsRequest {
  readonly run: RunIdentity;
  readonly destination: DestinationPlan;
}

/** How far something has come, as ledgers hold it: of a table for `positions`, of a source for `snapshot`. None: it has nothing yet. */
export type Positions = Readonly<Record<string, readonly string[]>>;

/** Reads the tables of one database in one snapshot. */
export interface SnapshotRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  readonly database: DatabasePlan;
  /** Of every source that is read in parts: a position for each table that is loaded from it. One without any is read whole. */
  readonly positions: Positions;
}

/** What was read of a database. `tables` in the plan's order, without those that failed. */
export interface DatabaseSnapshot {
  readonly name: string;
  readonly tables: readonly SnapshotTable[];
  readonly failed: readonly FailedSource[];
}

/** A table as it was landed. */
export interface SnapshotTable {
  readonly source: string;
  /** JSON in the lake: the list of `LandedFile`. */
  readonly landed: LakeUri;
  /** Rows that were read, of all that the table has. */
  readonly rows: number;
  readonly total: number;
  readonly bytes: number;
  /** How far the table has come once these rows are loaded; of tables that are read in parts. */
  readonly position?: string;
}

/** Rows of a table in the snapshot, and how many of those that were read went into quarantine. */
export interface CountedSource {
  readonly source: string;
  readonly rows: number;
  readonly quarantined: number;
}
