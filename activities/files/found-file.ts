import { constants, type Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';

/** A file as it was found: enough to notice later that it has changed. */
export interface FoundFile {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/**
 * Makes sure that a path is a regular, readable file that is not empty.
 * Errors: `SourceMissing`, `SourceWrongType`, `SourceUnreadable`, `SourceEmpty`.
 */
export async function expectRegularFile(path: string): Promise<FoundFile> {
  const found = await stat(path).catch((error: unknown) => notFound(path, error));
  if (!found.isFile()) {
    throw new AcequiaError('SourceWrongType', {
      what: `Expected a file, found ${kindOf(found)}.`,
      where: path,
      remedy: 'put the data file itself at this path',
    });
  }
  await openable(path);
  if (found.size === 0) throw sourceEmpty(path, 'The file is empty: 0 bytes.');
  return asFound(found);
}

/** Error `SourceChanging` when the file is no longer what it was, or when not all of it was read. */
export async function expectUnchanged(path: string, before: FoundFile, bytesRead: number): Promise<void> {
  const after = asFound(await stat(path).catch((error: unknown) => notFound(path, error)));
  const same = after.bytes === before.bytes && after.modifiedMs === before.modifiedMs && after.inode === before.inode;
  if (same && bytesRead === before.bytes) return;
  throw new AcequiaError('SourceChanging', {
    what: 'The file changed while it was read.',
    where: path,
    why: `It had ${before.bytes} bytes of ${instant(before.modifiedMs)}, and has ${after.bytes} bytes of ${instant(after.modifiedMs)}.`,
    remedy: 'let its writer finish; it is read again by itself. Best: write under another name, then rename',
  });
}

export function sourceEmpty(path: string, what: string): AcequiaError {
  return new AcequiaError('SourceEmpty', {
    what,
    where: path,
    remedy: 'check the export that writes this file; a file with a header line and no rows is fine',
  });
}

/** Always throws: `SourceMissing` with the closest name beside it, or `SourceUnreadable`. */
export async function notFound(path: string, error: unknown): Promise<never> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unreadable(path, error);
  const neighbours = await readdir(dirname(path)).catch(() => undefined);
  throw new AcequiaError('SourceMissing', {
    what: `The source file ${basename(path)} does not exist.${neighbours ? closest(basename(path), neighbours) : ''}`,
    where: path,
    ...(neighbours ? {} : { why: `There is no folder ${dirname(path)} that can be read.` }),
    remedy: "put the file there, or name its folder in the pipeline's inbox setting or with --inbox <folder>",
    cause: error,
  });
}

export function unreadable(path: string, error: unknown): AcequiaError {
  return new AcequiaError('SourceUnreadable', {
    what: 'The source file cannot be read.',
    where: path,
    why: error instanceof Error ? error.message : String(error),
    remedy: 'give the user who runs this the right to read the file and its folders',
    cause: error,
  });
}

/** `2026-01-02T03:04:05Z`. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Opening tells more than asking for rights does; should a pipe have taken the file's place, it does not wait for a writer. */
async function openable(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  await handle.close();
}

function asFound(found: Stats): FoundFile {
  return { bytes: found.size, modifiedMs: found.mtimeMs, inode: found.ino };
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'a device' : 'no regular file';
}
