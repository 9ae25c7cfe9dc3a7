/** Whether a path is a place in a bucket: `s3://bucket/prefix/`, `gs://bucket/prefix/`. */
export function isInBucket(path: string): boolean {
  return /^(?:s3|gs):\/\//i.test(path);
}

/** What is wrong with a place that files are to be put at, in a bucket; `undefined` where nothing is. */
export function bucketPlaceProblem(path: string): string | undefined {
  const [, bucket = '', key = ''] = /^\w+:\/\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/i.test(bucket)) return 'it names no bucket, as s3://bucket/folder/ does';
  const parts = key.replace(/\/+$/, '').split('/');
  if (key !== '' && parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'its folders have names, without ".", ".." or two slashes in a row';
  return undefined;
}
