import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from './corrupt.ts';
import { counted } from './counted.ts';

const CHUNK = 1 << 18;

/** One packed file, and where its content goes. */
export interface UnpackJob {
  readonly path: string;
  /** For people. */
  readonly name: string;
  readonly packedBytes: number;
  /** A new file. */
  readonly to: string;
  /** Bytes that may come out; one more is `tooMany`. */
  readonly allowed: number;
  readonly tooMany: () => AcequiaError;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Unpacks gzip of any number of members; Node's own unpacking checks each member's CRC and size, off the main thread.
 * Behind the last member only zeros may stand, as tapes and block devices leave them: Node would pass over anything.
 * Errors: `SourceCorrupt`, and what `tooMany` makes.
 */
export async function gunzip(job: UnpackJob): Promise<number> {
  const unpack = createGunzip({ chunkSize: CHUNK });
  let bytes = 0;
  const tap = counted(
    job.allowed,
    (count) => {
      bytes = count;
      job.onBytes(count);
    },
    job.tooMany,
  );
  try {
    await pipeline(
      createReadStream(job.path, { highWaterMark: CHUNK }),
      unpack,
      tap,
      createWriteStream(job.to, { flags: 'wx', mode: 0o600 }),
      { signal: job.signal },
    );
  } catch (error) {
    job.signal.throwIfAborted();
    throw gzipError(job.name, error);
  }
  // What the engine took is exactly the members.
  const at = await firstNonZero(job.path, unpack.bytesWritten);
  if (at === undefined) return bytes;
  throw sourceCorrupt(
    job.name,
    'Something that is no gzip stands behind the end of the packed data.',
    `The packed data ends at byte ${unpack.bytesWritten} of ${job.packedBytes}; byte ${at} belongs to something else.`,
  );
}

async function firstNonZero(path: string, from: number): Promise<number | undefined> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (let at = from; ;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, at);
      if (bytesRead === 0) return undefined;
      const found = buffer.subarray(0, bytesRead).findIndex((byte) => byte !== 0);
      if (found >= 0) return at + found;
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

function gzipError(name: string, error: unknown): unknown {
  if (error instanceof AcequiaError || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR') {
    return sourceCorrupt(name, 'The gzip file ends early.', 'Its packed data stops in the middle.', error);
  }
  if (error.code === 'Z_DATA_ERROR') return sourceCorrupt(name, 'The gzip file is damaged.', error.message, error);
  return error;
}
