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
  const folders = foldersOf(names);
  const files = new Set(names.map(pathOf));
  const read = await readPattern(pattern, ROOT, (path) =>
    Promise.resolve(folders.has(path) ? 'folder' : files.has(path) ? 'file' : undefined),
  );
  if (read.kind === 'file') return names.filter((name) => pathOf(name) === read.path);
  const covered = new Set(await coveredPaths(read, listing(folders)));
  return names.filter((name) => {
    const path = pathOf(name);
    return covered.has(path) && !isSetAside(relative(read.folder, path), read);
  });
}

function pathOf(name: string): string {
  return `${ROOT}${name}`;
}

type Kind = 'folder' | 'file';

/** Every folder, with the names in it and what they are. */
type Folders = ReadonlyMap<string, ReadonlyMap<string, Kind>>;

function foldersOf(names: readonly string[]): Folders {
  const folders = new Map<string, Map<string, Kind>>([[ROOT, new Map()]]);
  for (const name of names) {
    let [path, kind]: [string, Kind] = [pathOf(name), 'file'];
    while (path !== ROOT) {
      const parent = dirname(path);
      const entries = folders.get(parent) ?? new Map<string, Kind>();
      folders.set(parent, entries.set(basename(path), kind));
      [path, kind] = [parent, 'folder'];
    }
  }
  return folders;
}

/** A `readdir` for the crawler, which asks for entries that tell their kind. */
function listing(folders: Folders): typeof fs.readdir {
  const read = (path: string, _options: unknown, done: (error: null, entries: readonly object[]) => void): void => {
    const entries = folders.get(path.replace(/\/+$/, '') || ROOT) ?? new Map<string, Kind>();
    done(
      null,
      [...entries].map(([name, kind]) => entryOf(name, kind === 'folder')),
    );
  };
  return Object.assign(read, { __promisify__: fs.readdir.__promisify__ }) as unknown as typeof fs.readdir;
}

function entryOf(name: string, folder: boolean): Pick<fs.Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'> {
  return { name, isFile: () => !folder, isDirectory: () => folder, isSymbolicLink: () => false };
}
