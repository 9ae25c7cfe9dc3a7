import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { flush } from '../../files/flush.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';

/** What a publication does to files: some go into their places, and some go. */
export interface FileChanges {
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  readonly removes: readonly string[];
}

/** What becomes of the files of a table. */
export interface Commit extends FileChanges {
  /** One file goes into its place, and nothing else of the table changes with it. */
  readonly inOneStep: boolean;
}

/** The name under which a commit is written down while it is carried out. */
const INTENT = '.acequia-commit.json';

/**
 * Carries out a commit, whole or not at all: what is to be done is written down first, and whoever publishes there next
 * finishes what a kill has left. One file that goes into its place needs no such note: a rename is one step.
 *
 * @param folder which all of the files are below
 * @param tell how far it has come, in a few words
 */
export async function carryOut(folder: string, commit: FileChanges, tell: (step: string) => void): Promise<void> {
  // An attempt that was given up, and comes back, finds that a later one has removed its files: it must not remove others.
  for (const { from } of commit.moves) await access(from);
  if (commit.moves.length + commit.removes.length > 1) {
    await writeIntent(folder, commit);
    tell('noted what goes where');
  }
  await perform(commit, tell);
  tell('everything in its place');
  await rm(join(folder, INTENT), { force: true });
}

/** Finishes the commit that an earlier publication has written down and not carried out. */
export async function finishCommit(folder: string): Promise<void> {
  const path = join(folder, INTENT);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    // That a file stands where the folder should be is told by whoever writes there.
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const { moves, removes } = parseIntent(path, text);
  const full = (name: string): string => resolve(folder, name);
  await perform({
    moves: moves.map(({ from, to }) => ({ from: full(from), to: full(to) })),
    removes: removes.map(full),
  });
  await rm(path, { force: true });
}

async function writeIntent(folder: string, { moves, removes }: FileChanges): Promise<void> {
  const short = (path: string): string => relative(folder, path);
  const text = JSON.stringify({
    moves: moves.map(({ from, to }) => ({ from: short(from), to: short(to) })),
    removes: removes.map(short),
  });
  const part = join(folder, `${INTENT}.part`);
  await writeFile(part, text);
  await flush(part);
  await rename(part, join(folder, INTENT));
  await flush(folder);
}

/** Every step may have been done before. */
async function perform({ moves, removes }: FileChanges, tell: (step: string) => void = () => undefined): Promise<void> {
  const folders = new Set<string>();
  for (const [index, { from, to }] of moves.entries()) {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    folders.add(dirname(to));
    tell(`file ${index + 1} of ${moves.length} in its place`);
  }
  for (const [index, path] of removes.entries()) {
    await rm(path, { force: true });
    tell(`old file ${index + 1} of ${removes.length} removed`);
  }
  for (const folder of folders) await flush(folder);
}

function parseIntent(path: string, text: string): FileChanges {
  try {
    const { moves, removes } = JSON.parse(text) as FileChanges;
    const isInside = (name: string): boolean => !name.split(/[\\/]/).includes('..') && !/^[\\/]/.test(name);
    if ([...moves.flatMap(({ from, to }) => [from, to]), ...removes].every(isInside)) return { moves, removes };
  } catch {
    // Told below: it was written whole, so that somebody else has changed it since.
  }
  throw new AcequiaError('DestinationNotOurs', {
    what: 'The note of a publication that was cut off cannot be read.',
    where: path,
    why: 'It says which files go where, and somebody has changed it.',
    remedy: 'move it away; the next run publishes anew',
  });
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
