import fs from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { expectRegularFile, notFound, unreadable } from './found-file.ts';
import { byName, LocalFile, type FoundFiles, type RefusedFile } from './source-file.ts';
import { readPattern, type SourcePattern } from './source-pattern.ts';

/**
 * Finds the files of this machine that a person's path names: one file, a folder (its files and those of its sub-folders), or a glob.
 *
 * Folders and globs leave out hidden names, names that begin with `_` (what other tools keep for work in progress; a
 * glob that itself says `_` takes them) and `….part`; links to folders are not followed. A link to a file is taken where
 * its target lies inside the root. `root`: what relative paths and names start from; without it names start at the
 * folder of the path's fixed part, and relative paths at `base` (the working directory).
 *
 * Errors: `SourceMissing` when there is nothing at all. What is wrong with one file stands in `refused`: `SourceMissing`
 * (a link to nothing), `SourceWrongType`, `SourceUnreadable`, `SourceEmpty`, `SourceRefused` (a link out of the root).
 */
export async function findFiles(
  pattern: string,
  { root, base = process.cwd() }: { readonly root?: string; readonly base?: string } = {},
): Promise<FoundFiles<LocalFile>> {
  const read = await readPattern(pattern, root ?? base);
  const rootPath = root === undefined ? read.folder : resolve(root);
  const nameOf = (path: string): string => relative(rootPath, path).split(sep).join('/');
  const listed = read.kind === 'file' ? { paths: [read.path], refused: [] } : await list(read);
  const files: LocalFile[] = [];
  const refused: RefusedFile[] = listed.refused.map(({ path, error }) => ({ path, name: nameOf(path), error }));
  const leftOut: string[] = [];
  for (const path of listed.paths) {
    const name = nameOf(path);
    if (read.kind !== 'file' && (isSetAside(relative(read.folder, path), read) || (await isFolderLink(path)))) {
      leftOut.push(name);
      continue;
    }
    try {
      await expectInside(path, rootPath);
      files.push(new LocalFile(path, name, await expectRegularFile(path)));
    } catch (error) {
      if (!(error instanceof AcequiaError)) throw error;
      refused.push({ path, name, error });
    }
  }
  const [only] = refused;
  if (read.kind === 'file' && only?.error.type === 'SourceMissing') throw only.error;
  if (files.length === 0 && refused.length === 0) throw await nothingFound(pattern, read, leftOut);
  return {
    root: rootPath,
    files: files.sort(byName),
    refused: refused.sort(byName),
    leftOut: leftOut.sort(),
    close: nothingToClose,
  };
}

function nothingToClose(): void {
  // Files of this machine are opened one by one.
}

/** Every path a folder or glob covers, and the folders that could not be looked into. */
async function list(
  read: Exclude<SourcePattern, { kind: 'file' }>,
): Promise<{ paths: string[]; refused: { path: string; error: AcequiaError }[] }> {
  const refused: { path: string; error: AcequiaError }[] = [];
  const paths = await coveredPaths(
    read,
    tellingReaddir((path, error) => refused.push({ path, error })),
  );
  return { paths, refused };
}

/**
 * The crawler passes over folders it may not read, links and pipes. Nothing may be left out without a word: the first
 * are told, and all that is no folder is shown to it as a file, to be judged here.
 */
function tellingReaddir(tell: (path: string, error: AcequiaError) => void): typeof fs.readdir {
  const wrapped = (path: string, options: { withFileTypes: true }, done: fs.NoParamCallback): void =>
    fs.readdir(path, options, (error, entries) => {
      if (error && error.code !== 'ENOENT') tell(resolve(path), unreadable(resolve(path), error));
      Reflect.apply(done, undefined, [error, error ? [] : entries.map(asFileOrFolder)]);
    });
  return Object.assign(wrapped, { __promisify__: fs.readdir.__promisify__ }) as unknown as typeof fs.readdir;
}

function asFileOrFolder(entry: fs.Dirent): Pick<fs.Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'> {
  const folder = entry.isDirectory();
  return { name: entry.name, isFile: () => !folder, isDirectory: () => folder, isSymbolicLink: () => false };
}

/** Absolute paths that a folder or glob covers, as `readdir` has them. */
export async function coveredPaths(
  read: Exclude<SourcePattern, { kind: 'file' }>,
  readdir: typeof fs.readdir,
): Promise<string[]> {
  const found = await glob(read.kind === 'glob' ? read.glob : '**/*', {
    cwd: read.folder,
    absolute: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    onlyFiles: true,
    fs: { readdir },
  });
  return [...new Set(found.map((path) => resolve(path)))];
}

/** Whether a name is one that other programs keep for work in progress. `path`: relative to the pattern's folder. */
export function isSetAside(path: string, read: SourcePattern): boolean {
  const segments = path.split(sep);
  if (segments.at(-1)?.endsWith('.part')) return !(read.kind === 'glob' && read.glob.endsWith('.part'));
  return segments.some((name) => name.startsWith('_')) && !(read.kind === 'glob' && /(^|[/{,[])_/.test(read.glob));
}

async function isFolderLink(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSymbolicLink()) return false;
  return (await fs.promises.stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Error `SourceRefused` when a file's real place is not under the root's real place. */
async function expectInside(path: string, root: string): Promise<void> {
  const real = await realpath(path).catch((error: unknown) => notFound(path, error));
  const realRoot = await realpath(root).catch((error: unknown) => notFound(root, error));
  if (real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return;
  throw new AcequiaError('SourceRefused', {
    what: 'The file lies outside the folder of this source: a symbolic link or `..` leads there.',
    where: path,
    why: `It is ${real}, which is not under ${realRoot}.`,
    remedy: "name the file where it really lies, or give the source a root folder that holds both (files' root)",
  });
}

async function nothingFound(written: string, read: SourcePattern, leftOut: readonly string[]): Promise<AcequiaError> {
  const neighbours = await readdir(read.folder).catch(() => undefined);
  const visible = (neighbours ?? []).filter((name) => !name.startsWith('.')).sort();
  const some = visible.slice(0, 3).map((name) => `"${name}"`);
  const aside = leftOut.length > 0 ? ` Left out: ${leftOut.slice(0, 3).join(', ')}.` : '';
  const held = some.length > 0 ? `It holds ${some.join(', ')}${visible.length > 3 ? ', …' : ''}.` : 'It holds nothing.';
  return new AcequiaError('SourceMissing', {
    what:
      read.kind === 'glob'
        ? `No file matches ${basename(written)}.${closest(basename(written), visible)}`
        : 'The folder holds no files to read.',
    where: read.kind === 'glob' ? join(read.folder, read.glob) : read.folder,
    why: neighbours ? `${held}${aside}` : `There is no folder ${read.folder} that can be read.`,
    remedy: 'put files there, or mend the path',
  });
}
