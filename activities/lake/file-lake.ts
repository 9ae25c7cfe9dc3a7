import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { diskError } from '../failure/disk.ts';
import type { LakeUri } from '../../workflows/stages.ts';
import { flush } from './flush.ts';
import type { Lake, Landed, Landing, StoredKey } from './lake.ts';

/** A lake in a folder of the local disk. */
export function openFileLake(uri: LakeUri): Lake {
  const root = fileURLToPath(uri.endsWith('/') ? uri : `${uri}/`);
  const pathOf = (key: string): string => join(root, key);
  const uriOf = (key: string): LakeUri => pathToFileURL(pathOf(key)).href;
  const readable = (lakeUri: LakeUri): string => fileURLToPath(lakeUri);

  const has = async (key: string): Promise<boolean> =>
    access(pathOf(key)).then(
      () => true,
      () => false,
    );

  const write = async (key: string, fill: (localPath: string) => Promise<void>): Promise<LakeUri> => {
    const target = pathOf(key);
    const incoming = join(root, 'incoming', `${randomUUID()}.part`);
    try {
      await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await fill(incoming);
      await flush(incoming);
      await rename(incoming, target);
    } catch (error) {
      await discard(incoming);
      throw diskError(error, target);
    }
    return uriOf(key);
  };

  return {
    uri,
    has,
    uriOf,
    list: (folder) => list(root, folder),
    readable,
    write,
    writeText: (key, text) => write(key, (path) => writeFile(path, text, { mode: 0o600 })),
    readText: (lakeUri) => readFile(readable(lakeUri), 'utf8'),
    land: async (localPath, onBytes, signal) => {
      const incoming = join(root, 'incoming', `${randomUUID()}.part`);
      const explained = (error: unknown): unknown => diskError(error, root.replace(/\/$/, ''));
      try {
        await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
        const { hex, bytes } = await copyHashing(localPath, incoming, onBytes, signal);
        const key = `landing/sha256/${hex.slice(0, 2)}/${hex}`;
        const landed = { uri: uriOf(key), bytes, digest: hex };
        if (!(await has(key))) return flushing(landed, incoming, pathOf(key), explained);
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
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rename(incoming, target);
      } catch (error) {
        throw explained(error);
      }
    },
    drop: () => discard(incoming),
  };
}

async function list(root: string, folder: string): Promise<StoredKey[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw diskError(error, join(root, folder));
    },
  );
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const written = await stat(path).catch(() => undefined);
        return written ? [{ key: relative(root, path).split(sep).join('/'), writtenMs: written.mtimeMs }] : [];
      }),
  );
  return found.flat().sort((a, b) => b.writtenMs - a.writtenMs || (a.key < b.key ? -1 : 1));
}

/** Whatever it finds there: the error that led here is the one to tell. */
function discard(incoming: string): Promise<void> {
  return rm(incoming, { force: true }).catch(() => undefined);
}

function pathOfError(error: unknown): unknown {
  return error instanceof Error && 'path' in error ? error.path : undefined;
}

/** Bytes that are copied at once. */
const PIECE = 4 << 20;

/**
 * Copies a file and takes its digest on the way: one piece is digested while it is written and the next is read. The
 * digest is that of the bytes that were copied, even if the file changes meanwhile.
 */
async function copyHashing(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ hex: string; bytes: number }> {
  const hash = createHash('sha256');
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      let bytes = 0;
      let filled = Buffer.allocUnsafe(PIECE);
      let free = Buffer.allocUnsafe(PIECE);
      let written: Promise<void> = Promise.resolve();
      let read = source.read(filled, 0, PIECE, 0);
      for (;;) {
        const { bytesRead } = await read.catch((error: unknown) => {
          throw Object.assign(error instanceof Error ? error : new Error(String(error)), { path: from });
        });
        await written;
        signal.throwIfAborted();
        if (bytesRead === 0) break;
        const piece = filled.subarray(0, bytesRead);
        [filled, free] = [free, filled];
        written = writeAll(target, piece);
        // Heard where it is awaited; until then nobody may miss it.
        written.catch(() => undefined);
        bytes += bytesRead;
        read = source.read(filled, 0, PIECE, bytes);
        hash.update(piece);
        onBytes(bytes);
      }
      return { hex: hash.digest('hex'), bytes };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function writeAll(target: FileHandle, piece: Buffer): Promise<void> {
  for (let done = 0; done < piece.length;) done += (await target.write(piece, done)).bytesWritten;
}
