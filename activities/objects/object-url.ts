import { AcequiaError } from '../failure/acequia-error.ts';

/** A place in a bucket. The key is as the bucket has it: nothing in it is decoded, and it may be empty. */
export interface ObjectUrl {
  readonly scheme: ObjectScheme;
  readonly bucket: string;
  readonly key: string;
}

export const OBJECT_SCHEMES = ['s3', 'gs'] as const;
export type ObjectScheme = (typeof OBJECT_SCHEMES)[number];

const SHAPE = /^(s3|gs):\/\/([^/]*)(?:\/(.*))?$/s;
/** What both vendors let a bucket be called, and some older names of S3. */
const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/i;

/** Whether a path is meant as a place in a bucket. */
export function isObjectUrl(path: string): boolean {
  return SHAPE.test(path);
}

/**
 * `s3://bucket/key` or `gs://bucket/key` in its parts. These are no URLs of the web: `%`, `+`, `#`, `?` and spaces in a key
 * stand for themselves. Errors: `DefinitionInvalid` where no bucket is named.
 */
export function parseObjectUrl(url: string): ObjectUrl {
  const [, scheme, bucket = '', key = ''] = SHAPE.exec(url) ?? [];
  const known = OBJECT_SCHEMES.find((one) => one === scheme);
  if (known && BUCKET.test(bucket)) return { scheme: known, bucket, key };
  throw new AcequiaError('DefinitionInvalid', {
    what: bucket ? `A bucket cannot be called ${bucket}.` : 'The place names no bucket.',
    where: url,
    remedy: 'write it as s3://bucket/folder/file.csv or gs://bucket/folder/file.csv',
  });
}

/** The other way round. */
export function objectUrl({ scheme, bucket, key }: ObjectUrl): string {
  return `${scheme}://${bucket}/${key}`;
}
