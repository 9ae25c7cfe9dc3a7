import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { diskError } from '../failure/disk.ts';
import { counting } from './counting.ts';
import type { Transfer } from './object-store.ts';

/**
 * Writes what arrives into a new file; nothing stays of it when it breaks off. Errors of the disk name the file.
 * @param check sees the bytes on their way, and throws at the end where they are not the right ones
 */
export async function writeNewFile(
  body: Readable,
  toPath: string,
  { onBytes, signal }: Transfer,
  check?: { readonly update: (piece: Buffer) => void; readonly end: () => void },
): Promise<void> {
  const file = createWriteStream(toPath, { flags: 'wx', mode: 0o600 });
  let failed: unknown;
  file.once('error', (error) => (failed = error));
  try {
    await pipeline(body, counting(onBytes, check?.update), file, { signal });
    check?.end();
  } catch (error) {
    await rm(toPath, { force: true }).catch(() => undefined);
    signal.throwIfAborted();
    throw failed === error ? diskError(error, toPath) : error;
  }
}
