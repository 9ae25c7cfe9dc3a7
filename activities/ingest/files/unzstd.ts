import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from './corrupt.ts';
import type { UnpackJob } from './gunzip.ts';
import { inThread } from '../threads/in-thread.ts';
import type { ZstdJob, ZstdOutcome } from './unzstd-bytes.ts';

/**
 * Unpacks zstd of any number of frames, in a thread.
 * Errors: `SourceCorrupt`; `SourceRefused` for a frame that wants more than `windowBytes` of memory; what `tooMany` makes.
 */
export async function unzstd(job: UnpackJob, windowBytes: number): Promise<number> {
  const zstd: ZstdJob = { path: job.path, to: job.to, allowed: job.allowed, windowBytes };
  const outcome = await inThread<ZstdOutcome>(
    'activities/ingest/files/unzstd.thread.ts',
    zstd,
    (bytes) => job.onBytes(bytes),
    job.signal,
  );
  if (outcome.kind === 'unpacked') return outcome.bytes;
  if (outcome.kind === 'tooMuch') throw job.tooMany();
  if (outcome.kind === 'corrupt') throw sourceCorrupt(job.name, 'The zstd file is damaged or ends early.', outcome.why);
  throw new AcequiaError('SourceRefused', {
    what: `Unpacking this zstd file needs ${outcome.bytes} bytes of memory; at most ${windowBytes} are given.`,
    where: job.name,
    remedy: 'pack the file without --ultra and --long, or raise limits.zstdWindowBytes of this source',
  });
}
