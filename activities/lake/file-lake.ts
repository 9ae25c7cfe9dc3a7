import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { diskError } from '../failure/disk.ts';
import type { LakeUri } from '../../workflows/stages.ts';
import { flush } from '../files/flush.ts';
import { copyHashing } from './copy-hashing.ts';
import { landingKey, type Lake, type Landed, type Landing } from './lake.ts';
import { claimFile, listFiles, putFile, removeFile, walkFiles } from './stored-files.ts';

/** A lake in a folder of the local disk. */
export function openFileLake(uri: LakeUri): Lake {
  const root = fileURLToPath(uri.endsWith('/') ? uri : `${uri}/`);
  const pathOf = (key: string): string => join(root, key);
  const uriOf = (key: string): LakeUri => pathToFileURL(pathOf(key)).href;

  const isThere = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  const has = (key: string): Promise<boolean> => isThere(pathOf(key));

  const write = async (key: string, fill: (localPath: string) => Promise<void>): Promise<LakeUri> => {
    const target = pathOf(key);
    const incoming = join(root, 'incoming', `${randomUUID()}.part`);
    try {
      await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
      await fill(incoming);
      await flush(incoming);
      await putFile(incoming, target);
    } catch (error) {
      await discard(incoming);
      throw diskError(error, target);
    }
    return uriOf(key);
  };

  return {
    uri,
    has,
    holds: (lakeUri) => isThere(fileURLToPath(lakeUri)),
    uriOf,
    claim: (key) => claimFile(pathOf(key)),
    list: (folder) => listFiles(root, folder),
    walk: (folder) => walkFiles(root, folder),
    remove: (key, beforeMs) => removeFile(root, key, beforeMs),
    removeFolder: (folder) => rm(pathOf(folder), { recursive: true, force: true }),
    local: (lakeUri) => Promise.resolve(fileURLToPath(lakeUri)),
    write,
    writeText: (key, text) => write(key, (path) => writeFile(path, text, { mode: 0o600 })),
    readText: (lakeUri) => readFile(fileURLToPath(lakeUri), 'utf8'),
    land: async (localPath, onBytes, signal) => {
      const incoming = join(root, 'incoming', `${randomUUID()}.part`);
      const explained = (error: unknown): unknown => diskError(error, root.replace(/\/$/, ''));
      try {
        await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
        const { hex, bytes } = await copyHashing(localPath, incoming, onBytes, signal);
        const key = landingKey(hex);
        const landed = { uri: uriOf(key), bytes, digest: hex };
        if (!(await claimFile(pathOf(key)))) return flushing(landed, incoming, pathOf(key), explained);
        await rm(incoming);
        return { landed, path: pathOf(key), keep: () => Promise.resolve(), drop: () => Promise.resolve() };
      } catch (error) {
        await discard(incoming);
        // What was read is at fault only where the error says so; all else was the writing.
        throw pathOfError(error) === localPath ? diskError(error, localPath) : explained(error);
      }
    },
  };
}

/** Waiting for the disk takes longer than copying did: it goes on while the bytes are read. */
function flushing(landed: Landed, incoming: string, target: string, explained: (error: unknown) => unknown): Landing {
  const flushed = flush(incoming);
  // Heard where it is awaited; until then nobody may miss it.
  flushed.catch(() => undefined);
  return {
    landed,
    path: incoming,
    keep: async () => {
      try {
        await flushed;
        await putFile(incoming, target);
      } catch (error) {
        throw explained(error);
      }
    },
    drop: () => discard(incoming),
  };
}

/** Whatever it finds there: the error that led here is the one to tell. */
function discard(incoming: string): Promise<void> {
  return rm(incoming, { force: true }).catch(() => undefined);
}

function pathOfError(error: unknown): unknown {
  return error instanceof Error && 'path' in error ? error.path : undefined;
}
