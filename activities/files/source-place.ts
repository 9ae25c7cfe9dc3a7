import { isAbsolute, join, resolve } from 'node:path';
import { isObjectUrl } from '../objects/object-url.ts';

/** A place that somebody names, made whole: an absolute path, or a place in a bucket as it is. */
export function wholePlace(written: string, folder = '.'): string {
  return isObjectUrl(written) ? written : resolve(folder, written);
}

/** Whether a place needs no folder to start from. */
export function isWholePlace(path: string): boolean {
  return isObjectUrl(path) || isAbsolute(path);
}

/** Where a path lies that is relative to a folder or a prefix; one that is whole already stays as it is. */
export function placeBelow(folder: string, path: string): string {
  if (isWholePlace(path)) return path;
  if (!isObjectUrl(folder)) return join(folder, path);
  return `${folder.replace(/\/$/, '')}/${path === '.' ? '' : path}`;
}
