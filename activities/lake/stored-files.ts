import { randomUUID } from 'node:crypto';
import { access, mkdir, opendir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { diskError } from '../failure/disk.ts';
import type { StoredKey } from './lake.ts';

/** Everything below a folder, the newest first. */
export async function listFiles(root: string, folder: string): Promise<StoredKey[]> {
  const found: StoredKey[] = [];
  for await (const stored of walkFiles(root, folder)) found.push(stored);
  return found.sort((a, b) => b.writtenMs - a.writtenMs || (a.key < b.key ? -1 : 1));
}

/** Everything below a folder, as the disk has it. What goes away meanwhile is left out. */
export async function* walkFiles(root: string, folder: string): AsyncGenerator<StoredKey> {
  const path = join(root, folder);
  try {
    for await (const entry of await opendir(path)) {
      const key = join(folder, entry.name);
      if (entry.isDirectory()) yield* walkFiles(root, key);
      if (!entry.isFile()) continue;
      const found = await stat(join(root, key)).catch(() => undefined);
      if (found) yield { key: key.split(sep).join('/'), bytes: found.size, writtenMs: found.mtimeMs };
    }
  } catch (error) {
    if (!isMissing(error)) throw diskError(error, path);
  }
}

/** Whether the file is there; if so its time is now. A disk that takes no times from us is none that we clean up. */
export async function claimFile(path: string): Promise<boolean> {
  const now = new Date();
  const claimed = utimes(path, now, now).catch((error: unknown) => {
    if (isMissing(error)) throw error;
    return access(path);
  });
  return claimed.then(
    () => true,
    () => false,
  );
}

const TRIES = 20;

/** Moves a finished file to its place. Its folders may be empty, and be removed at this very moment; then they are made anew. */
export async function putFile(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await rename(from, to);
      return;
    } catch (error) {
      if (!isMissing(error) || tries === TRIES) throw error;
    }
  }
}

/**
 * Removes a file that was written before an instant, and the folders that it leaves empty. It is put aside first: whoever
 * claims it until then gets it back.
 */
export async function removeFile(root: string, key: string, beforeMs: number): Promise<boolean> {
  const path = join(root, key);
  const aside = join(root, 'incoming', `${randomUUID()}.part`);
  try {
    if ((await stat(path)).mtimeMs >= beforeMs) return false;
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    await rename(path, aside);
    if ((await stat(aside)).mtimeMs >= beforeMs) {
      await putFile(aside, path);
      return false;
    }
    await rm(aside);
  } catch (error) {
    if (isMissing(error)) return false;
    throw diskError(error, path);
  }
  await removeEmpty(root, dirname(path));
  return true;
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  if (!relative(root, folder).includes(sep)) return;
  // Another's file in it, or another's hand on it: then it stays.
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed) await removeEmpty(root, dirname(folder));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
