import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { transferIn, type BucketFolder } from './bucket-folder.ts';

/** What a file holds. */
export interface Content {
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** Whether an object has these very bytes. It is read only where it has as many. */
export async function holdsSame(bucket: BucketFolder, name: string, { bytes, digest }: Content): Promise<boolean> {
  const { store, prefix, folder, signal } = bucket;
  const there = await store.find(prefix + name, signal);
  if (there?.bytes !== bytes) return false;
  const copy = join(folder, `.${randomUUID()}.part`);
  try {
    await store.download(there, copy, transferIn(bucket));
    return (await digestOf(copy)) === digest;
  } finally {
    await rm(copy, { force: true });
  }
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
