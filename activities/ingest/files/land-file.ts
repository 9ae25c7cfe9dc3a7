import { rm } from 'node:fs/promises';
import { diskError } from '../../failure/disk.ts';
import type { SourceFile } from '../../files/source-file.ts';
import type { Lake, Landing } from '../../lake/lake.ts';
import type { Transfer } from '../../objects/object-store.ts';
import { expectAllowedSize, FILE_LIMITS, type FileLimits } from './limits.ts';

export interface LandOptions {
  /** A scratch folder (`withScratchFolder`), for copies of files that lie elsewhere. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Hears how many bytes have come here so far, and then how many of them are in the lake. */
  readonly onBytes: (step: 'downloading' | 'landing', bytes: number) => void;
  readonly limits?: FileLimits;
}

/**
 * Copies a file that was found, on its way into the lake. Errors: `SourceRefused` for one that is too large; `SourceChanging` as soon
 * as more comes than the file had: one that is written without end would never be landed.
 */
export async function landFile(
  found: SourceFile,
  lake: Lake,
  { folder, signal, onBytes, limits = FILE_LIMITS }: LandOptions,
): Promise<Landing> {
  expectAllowedSize(found.path, found.bytes, limits);
  const grown = new AbortController();
  const transfer = (step: 'downloading' | 'landing'): Transfer => ({
    signal: AbortSignal.any([signal, grown.signal]),
    onBytes: (bytes) => {
      if (bytes > found.bytes) grown.abort();
      else onBytes(step, bytes);
    },
  });
  try {
    const path = await found.fetch(folder, transfer('downloading')).catch((error: unknown) => {
      throw diskError(error, folder);
    });
    try {
      const into = transfer('landing');
      into.onBytes(0);
      return await landWhole(found, path, lake, into);
    } finally {
      if (path !== found.path) await rm(path, { force: true });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (grown.signal.aborted) await found.expectUnchanged(Infinity);
    throw error;
  }
}

async function landWhole(found: SourceFile, path: string, lake: Lake, { onBytes, signal }: Transfer): Promise<Landing> {
  const landing = await lake.land(path, onBytes, signal);
  try {
    await found.expectUnchanged(landing.landed.bytes);
  } catch (error) {
    await landing.drop();
    throw error;
  }
  return landing;
}
