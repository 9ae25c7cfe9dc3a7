import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { diskError } from '../../activities/failure/disk.ts';

/**
 * Puts the bytes of a stream aside as a file that the worker can read, also after this command has died:
 * `<folder>/<SHA-256>/<name>`. The same bytes are kept once.
 *
 * @param where what the stream is, for people
 * @returns the file's absolute path
 * Errors: `SourceEmpty`, `DiskFull`, `PermissionDenied`, `PlaceUnusable`.
 */
export async function putAside(input: Readable, folder: string, name: string, where: string): Promise<string> {
  const incoming = join(folder, `${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { hex, bytes } = await write(input, incoming);
    if (bytes === 0) {
      throw new AcequiaError('SourceEmpty', {
        what: 'There was nothing to read.',
        where,
        remedy: 'look at what should have written it',
      });
    }
    const path = join(folder, hex, name);
    if (await isFile(path)) return path;
    await mkdir(join(folder, hex), { recursive: true, mode: 0o700 });
    await rename(incoming, path);
    return path;
  } catch (error) {
    throw diskError(error, folder);
  } finally {
    await rm(incoming, { force: true });
  }
}

async function write(input: Readable, path: string): Promise<{ hex: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(input, tap, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  const written = await open(path, 'r');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
  return { hex: hash.digest('hex'), bytes };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
