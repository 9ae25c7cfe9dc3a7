import type { Column } from './column.ts';
import type { EmbeddedRule, QueueForm, QueueColumns, TargetRule } from './drain.ts';
import type { DatabaseReference } from './plan.ts';

/** A column of the table that records become rows of. */
export interface TargetColumnPlan extends Column {
  readonly oneOf?: readonly string[];
  /** RE2. */
  readonly like?: string;
  /** Where a mapping does not say it: a column beside the record, and a path inside it. */
  readonly row?: string;
}

/** What records are made into. */
export interface TargetPlan {
  readonly database: DatabaseReference;
  /** What people call it: `postgres:DATABASE_URL`. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly TargetColumnPlan[];
  readonly rules: readonly TargetRule[];
}

/** Rows of a Postgres table that are waiting. */
export interface QueuePlan {
  readonly kind: 'queue';
  /** The source that it is. */
  readonly name: string;
  readonly database: DatabaseReference;
  readonly schema: string;
  readonly table: string;
  readonly forms: readonly QueueForm[];
  readonly columns: QueueColumns;
}

/** Objects of a bucket that are waiting. */
export interface BucketPlan {
  readonly kind: 'bucket';
  readonly name: string;
  /** `s3://bucket/prefix`. */
  readonly url: string;
}

export type DrainSourcePlan = QueuePlan | BucketPlan;

/** What is drained, and what becomes of it. */
export interface DrainPlan {
  readonly from: readonly DrainSourcePlan[];
  readonly embedded: readonly EmbeddedRule[];
  readonly target: TargetPlan;
  /** Those that ship with the pipeline: absolute path of their folder, and a digest of them all. */
  readonly mappings: { readonly folder: string; readonly digest: string };
  /** Whether, at the end, what waits for a mapping is looked at once more. Default: not. */
  readonly review?: boolean;
  /** Seconds until waiting records are looked for again; absent: once. */
  readonly pollSeconds?: number;
}
