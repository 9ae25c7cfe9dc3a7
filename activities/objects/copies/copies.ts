import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { diskError } from '../../failure/disk.ts';
import { flush } from '../../files/flush.ts';
import type { ObjectStore, StoredObject } from '../object-store.ts';
import { copiesFolder, makeRoom, newNameInUse, type CopiesFolder } from './copies-folder.ts';

/** Downloads of a process that run at once. */
const AT_ONCE = 4;

/**
 * Local copies of objects, for somebody who works on them until they are closed. A copy is of one version of an object: it is
 * made once on a machine, and found again by whoever needs that version next. Copies are not to be changed.
 */
export class Copies {
  readonly #place: CopiesFolder;
  #folder: Promise<string> | undefined;

  constructor(place: CopiesFolder = copiesFolder()) {
    this.#place = place;
  }

  /** A folder on the same disk, gone when these copies are closed. */
  folder(): Promise<string> {
    this.#folder ??= newNameInUse(this.#place).then(async (folder) => {
      await mkdir(folder, { mode: 0o700 });
      return folder;
    });
    return this.#folder;
  }

  /**
   * The path of a copy, downloaded where there is none yet.
   *
   * @param name where it is to lie in the folder. Default: a name that tells object and version apart from all others
   * Errors: those of a download; `DiskFull`.
   */
  async take(store: ObjectStore, object: StoredObject, signal: AbortSignal, name?: string): Promise<string> {
    const kept = join(this.#place.kept, nameOf(store, object));
    const own = join(await this.folder(), name ?? basename(kept));
    if (name !== undefined) await mkdir(dirname(own), { recursive: true, mode: 0o700 });
    if (await this.#linkKept(kept, own)) return own;
    await inTurn(async () => {
      signal.throwIfAborted();
      // Somebody else may have fetched it while this one waited.
      if (await this.#linkKept(kept, own)) return;
      await makeRoom(object.bytes, this.#place);
      const part = await newNameInUse(this.#place);
      try {
        await store.download(object, part, { onBytes: () => undefined, signal });
        await flush(part);
        await linkOrCopy(part, own);
        await keepAs(kept, part);
      } catch (error) {
        await rm(part, { force: true });
        throw diskError(error, part);
      }
    });
    return own;
  }

  async close(): Promise<void> {
    const folder = await this.#folder;
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #linkKept(kept: string, own: string): Promise<boolean> {
    try {
      await linkOrCopy(kept, own);
      const now = new Date();
      await utimes(kept, now, now).catch(() => undefined);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }
}

/** Makes a local file, which is given away, the copy of an object that was just written from it. */
export async function keepCopy(store: ObjectStore, object: StoredObject, path: string): Promise<void> {
  const place = copiesFolder();
  await makeRoom(object.bytes, place);
  await keepAs(join(place.kept, nameOf(store, object)), path);
}

async function keepAs(kept: string, path: string): Promise<void> {
  await mkdir(dirname(kept), { recursive: true, mode: 0o700 });
  await rename(path, kept);
}

function nameOf({ root, contentOf }: ObjectStore, { key, version }: StoredObject): string {
  return createHash('sha256')
    .update(JSON.stringify([root, key, contentOf(version)]))
    .digest('hex')
    .slice(0, 40);
}

/** A second name for the same bytes, which keeps them there; on a disk without such names, the bytes once more. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) === 'ENOENT') throw error;
    await copyFile(from, to);
  }
}

let running = 0;
const waiting: (() => void)[] = [];

/** Lets a few downloads of this process run, and the others wait. */
async function inTurn(run: () => Promise<void>): Promise<void> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    await run();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
