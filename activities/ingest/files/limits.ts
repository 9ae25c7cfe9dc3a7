import { AcequiaError } from '../../failure/acequia-error.ts';

/** How far a file from somebody else may go before it is refused. */
export interface FileLimits {
  /** Bytes of a file as it lies there. */
  readonly fileBytes: number;
  /** Bytes that come out of one file, over all entries of an archive. */
  readonly unpackedBytes: number;
  /** Bytes out for each byte in, beyond `ratioFreeBytes`. */
  readonly ratio: number;
  /** So much may come out whatever the ratio: small files of like rows compress a thousandfold and are no bombs. */
  readonly ratioFreeBytes: number;
  /** Entries of one zip archive. */
  readonly zipEntries: number;
  /** Bytes of an entry's path, in UTF-8. */
  readonly pathBytes: number;
  /** Bytes of text a zstd frame may look back on; they are held in memory. The `zstd` program's own limit. */
  readonly zstdWindowBytes: number;
}

export const FILE_LIMITS: FileLimits = {
  fileBytes: 200e9,
  unpackedBytes: 1e12,
  ratio: 200,
  ratioFreeBytes: 1e9,
  zipEntries: 10_000,
  pathBytes: 1_024,
  zstdWindowBytes: 128 << 20,
};

/** Bytes that may come out of a packed file of this size. */
export function expansionAllowance(packedBytes: number, limits: FileLimits): number {
  return Math.min(limits.unpackedBytes, Math.max(limits.ratioFreeBytes, packedBytes * limits.ratio));
}

/** The error for a packed file out of which more comes than it may. */
export function tooMuchComesOut(name: string, packedBytes: number, limits: FileLimits): AcequiaError {
  const allowed = expansionAllowance(packedBytes, limits);
  const byRatio = allowed < limits.unpackedBytes;
  return new AcequiaError('SourceRefused', {
    what: `More than ${allowed} bytes come out of this file of ${packedBytes} bytes.`,
    where: name,
    why: byRatio
      ? `At most ${limits.ratio} bytes may come out for each byte in, beyond the first ${limits.ratioFreeBytes}: it may be a bomb.`
      : `At most ${limits.unpackedBytes} bytes may come out of one file.`,
    remedy: `if the file is what it should be, raise limits.${byRatio ? 'ratio' : 'unpackedBytes'} of this source`,
  });
}

/** Error `SourceRefused` for a file that is larger than it may be. */
export function expectAllowedSize(name: string, bytes: number, limits: FileLimits): void {
  if (bytes <= limits.fileBytes) return;
  throw new AcequiaError('SourceRefused', {
    what: `The file has ${bytes} bytes; at most ${limits.fileBytes} are taken.`,
    where: name,
    remedy: 'split the file, or raise limits.fileBytes of this source',
  });
}
