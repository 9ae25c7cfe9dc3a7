import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { ZipFile } from 'yauzl';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from './corrupt.ts';
import type { UnpackJob } from './gunzip.ts';
import { damaged, type ListedEntry } from './zip-list.ts';

/**
 * Unpacks one entry, and holds it against the archive's list: name in the entry's own header, size, CRC.
 * Errors: `SourceCorrupt`, and what `tooMany` makes.
 */
export async function unzipEntry(zip: ZipFile, { path, entry }: ListedEntry, job: UnpackJob): Promise<number> {
  let bytes = 0;
  let crc = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      crc = crc32(chunk, crc);
      if (bytes > job.allowed) done(job.tooMany());
      else {
        job.onBytes(bytes);
        done(null, chunk);
      }
    },
  });
  try {
    const header = await zip.readLocalFileHeaderPromise(entry);
    if (!header.fileName.equals(entry.fileNameRaw)) {
      throw sourceCorrupt(
        job.name,
        'The zip archive contradicts itself.',
        `Its list and the entry ${path} name it differently.`,
      );
    }
    const content = await zip.openReadStreamPromise(entry);
    const target = createWriteStream(job.to, { flags: 'wx', mode: 0o600 });
    await pipeline(content, check, target, { signal: job.signal });
  } catch (error) {
    job.signal.throwIfAborted();
    if (error instanceof AcequiaError || (error instanceof Error && 'syscall' in error)) throw error;
    throw damaged(job.name, error);
  }
  if (bytes === entry.uncompressedSize && crc >>> 0 === entry.crc32 >>> 0) return bytes;
  throw sourceCorrupt(job.name, 'The zip entry is damaged.', 'Its content does not match its checksum.');
}
