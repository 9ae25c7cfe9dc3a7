import { access, constants, open, readdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../failure/closest.ts';
import { HEAD_BYTES, looksLike } from './looks-like.ts';

/** A file as it was found: enough to notice later that it has changed. */
export interface FoundFile {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/**
 * Makes sure that a path is a regular, readable, non-empty file that may be delimited text.
 * Errors: `SourceMissing`, `SourceWrongType`, `SourceUnreadable`, `SourceEmpty`.
 */
export async function findSourceFile(path: string): Promise<FoundFile> {
  const found = await stat(path).catch((error: unknown) => notFound(path, error));
  if (!found.isFile()) {
    throw new AcequiaError('SourceWrongType', {
      what: `Expected a CSV file, found ${kindOf(found)}.`,
      where: path,
      remedy: 'put the CSV file itself at this path',
    });
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (found.size === 0) throw sourceEmpty(path, 'The file is empty: 0 bytes, not even a header line.');
  const likeness = looksLike(await headOf(path));
  if (likeness) {
    throw new AcequiaError('SourceWrongType', {
      what: `Expected a CSV file, found ${likeness.what}.`,
      where: path,
      why: 'Its first bytes say so, whatever its name is.',
      remedy: likeness.remedy,
    });
  }
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

export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function asFound(found: Stats): FoundFile {
  return { bytes: found.size, modifiedMs: found.mtimeMs, inode: found.ino };
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

async function notFound(path: string, error: unknown): Promise<never> {
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

function unreadable(path: string, error: unknown): AcequiaError {
  const why = error instanceof Error ? error.message : String(error);
  return new AcequiaError('SourceUnreadable', {
    what: 'The source file cannot be read.',
    where: path,
    why,
    remedy: 'give the user who runs this the right to read the file and its folders',
    cause: error,
  });
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'a device' : 'no regular file';
}
