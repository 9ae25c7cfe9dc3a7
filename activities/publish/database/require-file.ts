import { constants } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Access } from './engine.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';

/**
 * The place must be free, or hold a file that can be written and begins as its kind does; folders are made where they
 * are missing. `magic`: what stands at `offset` in every file of that kind. An empty file is free where `emptyIsFree`.
 */
export async function requireFile(
  path: string,
  kind: { readonly name: string; readonly magic: string; readonly offset: number; readonly emptyIsFree: boolean },
  purpose: Access = 'write',
): Promise<'new' | 'there'> {
  if (purpose === 'write') await mkdir(dirname(path), { recursive: true });
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found && !found.isFile()) throw otherKind(path, kind.name, found.isDirectory() ? 'a folder' : 'no regular file');
  if (!found && purpose === 'read') throw nothingThere(path, kind.name);
  if (!found) {
    await access(dirname(path), constants.W_OK);
    return 'new';
  }
  const handle = await open(path, purpose === 'write' ? 'r+' : 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(kind.magic.length), 0, kind.magic.length, kind.offset);
    if (found.size === 0 && kind.emptyIsFree) return 'new';
    if (buffer.toString('latin1', 0, bytesRead) !== kind.magic)
      throw otherKind(path, kind.name, found.size === 0 ? 'an empty file' : 'a file of another kind');
    return 'there';
  } finally {
    await handle.close();
  }
}

/** Whoever reads makes nothing. */
export function nothingThere(path: string, expected: string): AcequiaError {
  return new AcequiaError('DestinationMissing', {
    what: `There is no ${expected.replace(/^an? /, '')}.`,
    where: path,
    remedy: 'see whether it was moved or removed; a run publishes it again',
  });
}

export function otherKind(path: string, expected: string, found: string): AcequiaError {
  return new AcequiaError('DestinationUnwritable', {
    what: `The destination is to be ${expected}, and there is ${found}.`,
    where: path,
    why: 'Nothing was written, so that nothing of yours is lost.',
    remedy: 'move it away, or give the destination another path',
  });
}
