import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseByteSize } from '../../../infra/settings/byte-size.ts';
import { homeFolder } from '../../../infra/settings/home.ts';
import { processRuns } from '../../../infra/process-runs.ts';

/** Bytes of copies that are kept for a later use where `ACEQUIA_LAKE_CACHE` says nothing. */
const DEFAULT_BYTES = 10e9;

/**
 * The folder on this machine's disk where copies of objects lie, `<home>/copies`, shared by all processes. `kept/` holds whole
 * copies for whoever needs them next. `in-use/` holds what a process works on, named after it: links to copies, which stay
 * whatever becomes of those in `kept/`, and files that are not finished.
 */
export interface CopiesFolder {
  readonly kept: string;
  readonly inUse: string;
  /** How much may lie in `kept/`. What is in use at once may be more. */
  readonly mostBytes: number;
}

export function copiesFolder(environment: Readonly<Record<string, string | undefined>> = process.env): CopiesFolder {
  const folder = join(homeFolder(environment), 'copies');
  const mostBytes = parseByteSize(environment['ACEQUIA_LAKE_CACHE'] ?? '') ?? DEFAULT_BYTES;
  return { kept: join(folder, 'kept'), inUse: join(folder, 'in-use'), mostBytes };
}

/** A new name in `in-use/`, for a file or a folder of this process. */
export async function newNameInUse({ inUse }: CopiesFolder = copiesFolder()): Promise<string> {
  await mkdir(inUse, { recursive: true, mode: 0o700 });
  return join(inUse, `${PREFIX}${process.pid}-${randomUUID()}`);
}

/** Containers that share a folder have processes of the same number, and hosts of their own. */
const PREFIX = `${hostname().replace(/[^A-Za-z0-9.-]/g, '_')}~`;

/**
 * Removes what processes of this machine have left that are no more, and then, the one that was used last at the end, as many
 * copies as it takes for `bytes` more to fit. One that is in use frees nothing, and stays.
 */
export async function makeRoom(bytes: number, folder: CopiesFolder = copiesFolder()): Promise<void> {
  await sweep(folder.inUse);
  const copies = await copiesIn(folder.kept);
  let held = copies.reduce((sum, copy) => sum + copy.bytes, 0);
  for (const copy of copies.sort((a, b) => a.usedMs - b.usedMs)) {
    if (held + bytes <= folder.mostBytes) return;
    if (copy.isInUse) continue;
    await rm(copy.path, { force: true });
    held -= copy.bytes;
  }
}

async function sweep(inUse: string): Promise<void> {
  for (const name of await namesIn(inUse)) {
    const pid = name.startsWith(PREFIX) ? Number(/^\d+/.exec(name.slice(PREFIX.length))?.[0]) : process.pid;
    if (!processRuns(pid)) await rm(join(inUse, name), { recursive: true, force: true });
  }
}

interface KeptCopy {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
  readonly isInUse: boolean;
}

async function copiesIn(kept: string): Promise<KeptCopy[]> {
  const found = await Promise.all(
    (await namesIn(kept)).map(async (name): Promise<KeptCopy[]> => {
      const path = join(kept, name);
      const there = await stat(path).catch(() => undefined);
      if (!there) return [];
      return [{ path, bytes: there.size, usedMs: there.mtimeMs, isInUse: there.nlink > 1 }];
    }),
  );
  return found.flat();
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}
