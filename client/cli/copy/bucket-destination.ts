import type { DestinationPlace } from '../../../workflows/definition/index.ts';
import { bucketPlaceProblem, isInBucket } from '../../../workflows/definition/bucket-place.ts';
import { usageError } from '../command-error.ts';

/** `s3://bucket/folder/`, `gs://bucket/folder/one.parquet`, or the same behind `parquet:`: Parquet in a bucket. */
export function isBucket(address: string): boolean {
  return isInBucket(bare(address));
}

/** @throws CommandError (exit 2) where it names no place that files can be put at */
export function parseBucket(address: string): DestinationPlace {
  const url = bare(address);
  const problem = bucketPlaceProblem(url);
  if (problem !== undefined)
    throw usageError(`"${url}" is no place in a bucket: ${problem}.`, 'name one: s3://bucket/folder/');
  return { kind: 'parquet', path: url.replace(/\/+$/, '') };
}

/** A place in a bucket as one types it: what is a folder ends in a slash. */
export function bucketWord(path: string): string {
  return path.endsWith('.parquet') ? path : `${path}/`;
}

/** What is copied must not lie around the place that it is copied to. @throws CommandError (exit 2) */
export function requireApart(sources: readonly string[], { path }: DestinationPlace): void {
  if (!isInBucket(path)) return;
  const around = sources.find((source) => `${path}/`.startsWith(`${source.replace(/\/+$/, '')}/`));
  if (around === undefined) return;
  throw usageError(
    `The destination ${path} lies in what is copied, and would be read by the next copy.`,
    `name a destination elsewhere, or the files by a glob in quotes: '${around.replace(/\/+$/, '')}/*.csv'`,
  );
}

function bare(address: string): string {
  return address.replace(/^parquet:(?=\w+:\/\/)/i, '');
}
