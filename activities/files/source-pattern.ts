import { stat } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';

/** What a person's path means. */
export type SourcePattern =
  | { readonly kind: 'file'; readonly folder: string; readonly path: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'glob'; readonly folder: string; readonly glob: string };

const MAGIC = /[*?[\]{}()!\\]/;

/**
 * Settles what a path names. Whatever exists as it is written is that file or folder, glob characters or not; so are
 * the leading folders of a glob. A path without glob characters that does not exist is a file that is missing.
 */
export async function readPattern(written: string, base: string): Promise<SourcePattern> {
  const path = resolve(base, written);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { kind: 'folder', folder: path };
  if (found || !MAGIC.test(written)) return { kind: 'file', folder: dirname(path), path };
  const { root } = parse(path);
  const segments = path.slice(root.length).split(/[\\/]/.test(root) && root.includes('\\') ? /[\\/]/ : '/');
  let folder = root;
  let fixed = 0;
  for (; fixed < segments.length - 1; fixed += 1) {
    const next = join(folder, segments[fixed]!);
    if (MAGIC.test(segments[fixed]!) && !(await stat(next).catch(() => undefined))?.isDirectory()) break;
    folder = next;
  }
  return { kind: 'glob', folder, glob: segments.slice(fixed).join('/') };
}
