import fs from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { coveredPaths, isSetAside } from './find-files.ts';
import { readPattern } from './source-pattern.ts';

const ROOT = '/';

/**
 * Those names that a person's path would find, were they files below a folder: as `findFiles` finds them there, without
 * looking at any disk.
 *
 * @param pattern relative to that folder: a file, a folder or a glob
 * @param names relative to it as well, with `/`
 */
export async function matchNames(pattern: string, names: readonly string[]): Promise<string[]> {
  return (await sortNames(pattern, names)).taken;
}

/** The same, and those names that the path covers and that are left out: `_…`, `….part`. */
export async function sortNames(
  pattern: string,
  names: readonly string[],
): Promise<{ readonly taken: string[]; readonly leftOut: string[] }> {
  const folders = foldersOf(names);
  const files = new Set(names.map(pathOf));
  const read = await readPattern(pattern, ROOT, (path) =>
    Promise.resolve(folders.has(path) ? 'folder' : files.has(path) ? 'file' : undefined),
  );
  if (read.kind === 'file') return { taken: names.filter((name) => pathOf(name) === read.path), leftOut: [] };
  const paths = new Set(await coveredPaths(read, listing(folders)));
  const covered = names.filter((name) => paths.has(pathOf(name)));
  const isLeftOut = (name: string): boolean => isSetAside(relative(read.folder, pathOf(name)), read);
  return { taken: covered.filter((name) => !isLeftOut(name)), leftOut: covered.filter(isLeftOut) };
}

function pathOf(name: string): string {
  return `${ROOT}${name}`;
}

type Kind = 'folder' | 'file';

interface Entry {
  readonly name: string;
  readonly kind: Kind;
}

/** Every folder, with what is in it. In a bucket a name may be both, a file and a folder. */
type Folders = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

function foldersOf(names: readonly string[]): Folders {
  const folders = new Map<string, Map<string, Entry>>([[ROOT, new Map()]]);
  for (const name of names) {
    let [path, kind]: [string, Kind] = [pathOf(name), 'file'];
    while (path !== ROOT) {
      const parent = dirname(path);
      const entries = folders.get(parent) ?? new Map<string, Entry>();
      const entry = { name: basename(path), kind };
      folders.set(parent, entries.set(`${kind} ${entry.name}`, entry));
      [path, kind] = [parent, 'folder'];
    }
  }
  return folders;
}

/** A `readdir` for the crawler, which asks for entries that tell their kind. */
function listing(folders: Folders): typeof fs.readdir {
  const read = (path: string, _options: unknown, done: (error: null, entries: readonly object[]) => void): void => {
    const entries = folders.get(path.replace(/\/+$/, '') || ROOT) ?? new Map<string, Entry>();
    done(
      null,
      [...entries.values()].map(({ name, kind }) => entryOf(name, kind === 'folder')),
    );
  };
  return Object.assign(read, { __promisify__: fs.readdir.__promisify__ }) as unknown as typeof fs.readdir;
}

function entryOf(name: string, folder: boolean): Pick<fs.Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'> {
  return { name, isFile: () => !folder, isDirectory: () => folder, isSymbolicLink: () => false };
}
