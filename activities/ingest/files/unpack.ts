import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Compression } from '../../files/file-format.ts';
import { sourceEmpty } from '../../files/found-file.ts';
import { gunzip, type UnpackJob } from './gunzip.ts';
import { expansionAllowance, tooMuchComesOut, type FileLimits } from './limits.ts';
import { unzipEntry } from './unzip-entry.ts';
import { unzstd } from './unzstd.ts';
import { listZip } from './zip-list.ts';

/** A file that came out of another, whole and checked; or why it did not. */
export type Unpacked =
  | { readonly kind: 'file'; readonly name: string; readonly path: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly name: string; readonly error: AcequiaError }
  /** Entries of a zip archive that nobody means. */
  | { readonly kind: 'leftOut'; readonly names: readonly string[] };

export interface UnpackRequest {
  readonly path: string;
  /** For people. An entry of a zip archive is `archive.zip!orders.csv`; what comes out of gzip and zstd keeps the name. */
  readonly name: string;
  readonly bytes: number;
  /** An empty folder of our own. A file in it is removed when the next is asked for. */
  readonly folder: string;
  readonly limits: FileLimits;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Unpacks a file, streaming: at most one unpacked file lies in `folder`. gzip and zstd give one file, zip one an entry.
 * What is damaged is never given, not even its good beginning. An entry that is damaged fails alone; for an archive
 * whose list is damaged or dishonest, and for gzip and zstd, the error is thrown.
 * Errors: `SourceCorrupt`, `SourceRefused`, `SourceWrongType`, `SourceEmpty`; the signal's reason.
 */
export async function* unpack(
  request: UnpackRequest,
  compression: Exclude<Compression, 'none'>,
): AsyncGenerator<Unpacked, void> {
  if (compression === 'zip') {
    yield* unzip(request);
    return;
  }
  const job = jobFor(request, request.name, expansionAllowance(request.bytes, request.limits));
  try {
    const bytes = compression === 'gzip' ? await gunzip(job) : await unzstd(job, request.limits.zstdWindowBytes);
    if (bytes === 0) throw sourceEmpty(request.name, 'The packed file is empty: 0 bytes come out.');
    yield { kind: 'file', name: request.name, path: job.to, bytes };
  } finally {
    await rm(job.to, { force: true });
  }
}

async function* unzip(request: UnpackRequest): AsyncGenerator<Unpacked, void> {
  const { zip, entries, leftOut } = await listZip(request.path, request.name, request.bytes, request.limits);
  try {
    if (entries.length === 0) throw sourceEmpty(request.name, 'The zip archive holds no files.');
    if (leftOut.length > 0) yield { kind: 'leftOut', names: leftOut };
    let left = expansionAllowance(request.bytes, request.limits);
    for (const listed of entries) {
      const job = jobFor(request, `${request.name}!${listed.path}`, left);
      try {
        const bytes = await unzipEntry(zip, listed, job);
        left -= bytes;
        if (bytes === 0) throw sourceEmpty(job.name, 'The file is empty: 0 bytes.');
        yield { kind: 'file', name: job.name, path: job.to, bytes };
      } catch (error) {
        if (!(error instanceof AcequiaError) || error.type === 'SourceRefused') throw error;
        yield { kind: 'failed', name: job.name, error };
      } finally {
        await rm(job.to, { force: true });
      }
    }
  } finally {
    zip.close();
  }
}

function jobFor(request: UnpackRequest, name: string, allowed: number): UnpackJob {
  return {
    path: request.path,
    name,
    packedBytes: request.bytes,
    to: join(request.folder, 'unpacked'),
    allowed,
    tooMany: () => tooMuchComesOut(request.name, request.bytes, request.limits),
    onBytes: request.onBytes,
    signal: request.signal,
  };
}
