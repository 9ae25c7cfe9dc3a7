import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { wholePlace } from '../../../activities/files/source-place.ts';
import { isObjectUrl, parseObjectUrl } from '../../../activities/objects/object-url.ts';
import { usageError } from '../command-error.ts';
import { found } from '../found.ts';

/** Stands for standard input among the words. */
export const STANDARD_INPUT = '-';

/** Characters that make a word a glob where no file is called so. */
const GLOB = /[*?[\]{}()!\\]/;

/**
 * The files, folders and globs of a copy as absolute paths, or places in buckets, each once. Globs are not looked into.
 *
 * @param folder what relative paths count from
 * @param taken absolute paths that the destination takes, which must not be read
 * @throws CommandError (exit 2) for what is not there
 */
export function sourcePaths(words: readonly string[], folder: string, taken: readonly string[]): string[] {
  const paths = words.map((word) => {
    if (!isObjectUrl(word) && /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(word)) {
      throw usageError(
        `"${word}" is no file of this machine, nor in a bucket of S3 or Google Cloud Storage; those are what is read.`,
        'fetch it first, then name the file',
      );
    }
    return wholePlace(word, folder);
  });
  paths.forEach((path, index) => {
    if (isObjectUrl(path)) requireBucket(path);
    else requireSource(path, words[index] ?? path, taken);
  });
  return [...new Set(paths)];
}

/** Whether more than one file may come of it. */
export function mayBeSeveral(paths: readonly string[]): boolean {
  return paths.length > 1 || paths.some((path) => (isObjectUrl(path) ? mayBeFolder(path) : isFolderOrGlob(path)));
}

function isFolderOrGlob(path: string): boolean {
  return found(path)?.isDirectory() ?? true;
}

/** Nobody is asked what lies in a bucket before a run. */
function mayBeFolder(url: string): boolean {
  return GLOB.test(url) || !/\.\w+$/.test(url);
}

function requireBucket(url: string): void {
  try {
    parseObjectUrl(url);
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    throw usageError(`"${url}": ${error.what}`, error.remedy);
  }
}

function requireSource(path: string, written: string, taken: readonly string[]): void {
  const there = found(path);
  if (!there) {
    if (GLOB.test(written)) return;
    throw usageError(`There is no "${written}".`, `mend the path; looked for at ${path}`);
  }
  for (const place of taken) requireElsewhere(path, written, there.isDirectory(), place);
}

function requireElsewhere(path: string, written: string, isFolder: boolean, to: string): void {
  const real = realpathSync(path);
  const target = realPlace(to);
  if (real === target) throw usageError(`"${written}" would be copied onto itself.`, 'name another destination');
  const inside = relative(real, target);
  if (isFolder && inside !== '..' && !inside.startsWith(`..${sep}`)) {
    throw usageError(
      `The destination ${to} lies in the folder that is copied, and would be read by the next copy.`,
      `name a destination elsewhere, or the files by a glob in quotes: '${join(written, '*.csv')}'`,
    );
  }
}

/** Where a path that may not exist yet really lies. */
function realPlace(path: string): string {
  if (found(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realPlace(above), relative(above, path));
}
