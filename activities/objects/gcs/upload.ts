import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Bucket } from '@google-cloud/storage';
import { counting } from '../counting.ts';
import { labelled } from '../digest-label.ts';
import type { StoredObject, Transfer, WriteCondition } from '../object-store.ts';
import { asError } from './client.ts';
import { generationOf, storedObject } from './stored-object.ts';

/** Bytes from which on an upload is worth a session of its own, which goes on after a broken connection. */
const RESUMABLE = 8 << 20;

export interface UploadTarget {
  readonly bucket: Bucket;
  readonly key: string;
  readonly condition: WriteCondition | undefined;
  readonly digest: string | undefined;
}

/**
 * Copies a file to a key: a large one in a session that goes on where a connection broke. The object appears when all of it
 * has arrived; the SDK holds its CRC32C against that of the file. A session that is left ends by itself, and shows nothing.
 */
export async function uploadFile(
  fromPath: string,
  { bucket, key, condition, digest }: UploadTarget,
  transfer: Transfer,
): Promise<StoredObject> {
  const { size } = await stat(fromPath);
  const file = bucket.file(key);
  const target = file.createWriteStream({
    resumable: size > RESUMABLE,
    validation: 'crc32c',
    metadata: { contentType: 'application/octet-stream', metadata: labelled(digest) },
    preconditionOpts: preconditionsOf(condition),
  });
  const source = createReadStream(fromPath, { highWaterMark: 1 << 20 });
  try {
    await pipeline(source, counting(transfer.onBytes), target, { signal: transfer.signal });
  } catch (error) {
    throw asError(error);
  }
  return storedObject(file);
}

/** Writes a small object. */
export async function writeText(
  text: string,
  bucket: Bucket,
  key: string,
  condition: WriteCondition | undefined,
): Promise<StoredObject> {
  const file = bucket.file(key);
  await file.save(text, {
    resumable: false,
    validation: 'crc32c',
    metadata: { contentType: 'application/octet-stream' },
    preconditionOpts: preconditionsOf(condition),
  });
  return storedObject(file);
}

function preconditionsOf(condition: WriteCondition | undefined): { ifGenerationMatch?: number | string } {
  if (condition === undefined) return {};
  return { ifGenerationMatch: condition === 'absent' ? 0 : generationOf(condition.version) };
}
