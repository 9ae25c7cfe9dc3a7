import { isObjectUrl } from '../objects/object-url.ts';
import { findFiles } from './find-files.ts';
import { findObjects } from './find-objects.ts';
import type { FoundFiles } from './source-file.ts';

/**
 * Finds what a person's path names: files of this machine, or objects of a bucket. To be closed.
 * @param root what names start from
 * Errors: `SourceMissing` when there is nothing at all; those of a bucket.
 */
export function findSource(
  path: string,
  { root, signal }: { readonly root?: string | undefined; readonly signal: AbortSignal },
): Promise<FoundFiles> {
  const named = root === undefined ? {} : { root };
  return isObjectUrl(path) ? findObjects(path, { ...named, signal }) : findFiles(path, named);
}
