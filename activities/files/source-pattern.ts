import { stat } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';

/** What a person's path means. */
export type SourcePattern =
  | { readonly kind: 'file'; readonly folder: string; readonly path: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'glob'; readonly folder: string; readonly glob: string };

/** What is at an absolute path. */
export type Look = (path: string) => Promise<'folder' | 'file' | undefined>;

const onDisk: Look = async (path) => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'folder' : 'file');
};

/** Characters that make a path a glob where nothing is called so. */
export const MAGIC = /[*?[\]{}()!\\]/;

/**
 * Settles what a path names. Whatever exists as it is written is that file or folder, glob characters or not; so are
 * the leading folders of a glob. A path without glob characters that does not exist is a file that is missing.
 */
export async function readPattern(written: string, base: string, look: Look = onDisk): Promise<SourcePattern> {
  const path = resolve(base, written);
  const found = await look(path);
  if (found === 'folder') return { kind: 'folder', folder: path };
  if (found || !MAGIC.test(written)) return { kind: 'file', folder: dirname(path), path };
  const { root } = parse(path);
  const segments = path.slice(root.length).split(/[\\/]/.test(root) && root.includes('\\') ? /[\\/]/ : '/');
  let folder = root;
  let fixed = 0;
  for (; fixed < segments.length - 1; fixed += 1) {
    const next = join(folder, segments[fixed]!);
    if (MAGIC.test(segments[fixed]!) && (await look(next)) !== 'folder') break;
    folder = next;
  }
  return { kind: 'glob', folder, glob: segments.slice(fixed).join('/') };
}
