import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type S3Client,
  type ServiceInputTypes,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { labelled } from '../digest-label.ts';
import type { StoredObject, Transfer } from '../object-store.ts';

/** Bytes of a part, unless there would be more than S3 takes; how many go at a time. */
const PART = 8 << 20;
const MOST_PARTS = 10_000;
const AT_A_TIME = 4;

export interface UploadTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly conditions: { readonly IfMatch?: string; readonly IfNoneMatch?: string };
  readonly digest: string | undefined;
}

/**
 * Copies a file to a key, in parts where it is large. Each part carries a CRC32, and the whole has one too, which readers
 * check. An upload that fails or is stopped takes its parts away; those of one that was killed go once another has put
 * an object under the same key.
 */
export async function uploadFile(fromPath: string, target: UploadTarget, transfer: Transfer): Promise<StoredObject> {
  const { client, bucket, key, conditions, digest } = target;
  const { size } = await stat(fromPath);
  const partSize = Math.max(PART, Math.ceil(size / MOST_PARTS));
  const upload = new Upload({
    client: stoppable(client, transfer.signal),
    params: {
      Bucket: bucket,
      Key: key,
      Body: createReadStream(fromPath, { highWaterMark: 1 << 20 }),
      ContentLength: size,
      ChecksumAlgorithm: 'CRC32',
      Metadata: labelled(digest),
      ...(size > partSize ? { ChecksumType: 'FULL_OBJECT' } : {}),
      ...conditions,
    },
    partSize,
    queueSize: AT_A_TIME,
  });
  upload.on('httpUploadProgress', ({ loaded }) => transfer.onBytes(loaded ?? 0));
  const { ETag } = await upload.done();
  if (size > partSize) await dropOtherUploads(client, bucket, key);
  return { key, version: ETag ?? '', bytes: size, writtenMs: Date.now() };
}

/**
 * The client as an upload sees it: each request ends when `signal` says so. Only taking parts away goes on, so that an upload
 * that is stopped leaves none.
 */
function stoppable(client: S3Client, signal: AbortSignal): S3Client {
  const send = (command: Parameters<S3Client['send']>[0] & { input: ServiceInputTypes }): unknown =>
    command instanceof AbortMultipartUploadCommand
      ? client.send(command)
      : client.send(command, { abortSignal: signal });
  return Object.create(client, { send: { value: send } }) as S3Client;
}

/**
 * Parts that lie under a key which has its object: of an upload that was killed, or of one that has lost and can begin again.
 * The object is there whatever becomes of this: what cannot be dropped is left to a lifecycle rule of the bucket.
 */
async function dropOtherUploads(client: S3Client, bucket: string, key: string): Promise<void> {
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
    for (const { Key, UploadId } of Uploads) {
      if (Key === key) await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  } catch {
    return;
  }
}
