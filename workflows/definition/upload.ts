import type { FileDestination } from './destination.ts';

/**
 * What can be uploaded besides published files.
 * - `tables`: each table that a model makes, as `tables/<table>.parquet`.
 * - `inputs`: the files that were read, as they came, as `inputs/<source>/<name>`.
 */
export const UPLOADED_PARTS = ['tables', 'inputs'] as const;

export type UploadedPart = (typeof UPLOADED_PARTS)[number];

/** What goes to a bucket once a run has published, for whoever takes it from there. */
export interface UploadDefinition {
  /** The setting that holds the place: `s3://bucket/prefix/`, `gs://bucket/prefix/`. Where it is not set, nothing is uploaded. */
  readonly to: string;
  /** Published files, by their destination, and parts of the run. */
  readonly of: readonly (FileDestination | UploadedPart)[];
}
