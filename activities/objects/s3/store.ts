import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { objectChanged, objectGone, objectTorn } from '../changed-object.ts';
import { digestIn } from '../digest-label.ts';
import type { ObjectStore, ObjectVersion, StoredObject, Transfer, WriteCondition } from '../object-store.ts';
import { writeNewFile } from '../write-new-file.ts';
import { openClient, s3Problem, statusOf } from './client.ts';
import { touchObject } from './touch.ts';
import { uploadFile } from './upload.ts';

const PRECONDITION_FAILED = 412;

/** A bucket of S3, or of a server that speaks its protocol. A version is an ETag. */
export function openS3(bucket: string): ObjectStore {
  const client = openClient();
  const root = `s3://${bucket}`;
  const place = { Bucket: bucket };

  /** Does something with one object; its errors come in words for people, a cancellation as itself. */
  const attempt = async <T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    // Every request listens to it, and a stage makes many at once.
    setMaxListeners(0, signal);
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw s3Problem(error, `${root}/${key}`);
    }
  };

  const find = (key: string, signal: AbortSignal): Promise<StoredObject | undefined> =>
    attempt(key, signal, () => orMissing(head(client, bucket, key, signal)));

  return {
    root,
    find,
    list: async function* (prefix, signal) {
      try {
        const pages = paginateListObjectsV2({ client }, { ...place, Prefix: prefix }, { abortSignal: signal });
        for await (const { Contents = [] } of pages) {
          for (const { Key = '', ETag = '', Size = 0, LastModified } of Contents) {
            yield { key: Key, version: ETag, bytes: Size, writtenMs: LastModified?.getTime() ?? 0 };
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        throw s3Problem(error, `${root}/${prefix}`);
      }
    },
    download: (object, toPath, transfer) =>
      attempt(object.key, transfer.signal, () => download(client, bucket, object, toPath, transfer)),
    upload: (fromPath, key, transfer, condition, digest) =>
      attempt(key, transfer.signal, () => {
        const target = { client, bucket, key, conditions: conditionsOf(condition), digest };
        return orUndone(uploadFile(fromPath, target, transfer));
      }),
    read: (key, signal) =>
      attempt(key, signal, () =>
        orMissing(
          client.send(new GetObjectCommand({ ...place, Key: key }), { abortSignal: signal }).then(async (answer) => ({
            text: (await answer.Body?.transformToString('utf-8')) ?? '',
            version: answer.ETag ?? '',
          })),
        ),
      ),
    write: (key, text, signal, condition) =>
      attempt(key, signal, () => {
        const put = new PutObjectCommand({
          ...place,
          Key: key,
          Body: text,
          ContentLength: Buffer.byteLength(text),
          ...conditionsOf(condition),
        });
        const written = client.send(put, { abortSignal: signal }).then(({ ETag = '' }) => ({
          ...{ key, version: ETag },
          ...{ bytes: Buffer.byteLength(text), writtenMs: Date.now() },
        }));
        return orUndone(written);
      }),
    touch: (key, signal) => attempt(key, signal, () => touchObject(client, bucket, key, signal)),
    remove: (key, signal, version) =>
      attempt(key, signal, async () => {
        // What is not there is removed without a word, and some servers do not look at conditions here.
        const found = await find(key, signal);
        if (!found || (version !== undefined && found.version !== version)) return false;
        const remove = new DeleteObjectCommand({ ...place, Key: key, IfMatch: version });
        const removed = client.send(remove, { abortSignal: signal }).then(() => true);
        return (await orUndone(orMissing(removed))) ?? false;
      }),
    contentOf: (version) => version,
    close: () => client.destroy(),
  };
}

async function head(client: S3Client, bucket: string, key: string, signal: AbortSignal): Promise<StoredObject> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
  const { ETag = '', ContentLength = 0, LastModified, Metadata } = await client.send(command, { abortSignal: signal });
  const object = { key, version: ETag, bytes: ContentLength, writtenMs: LastModified?.getTime() ?? 0 };
  return { ...object, ...digestIn(Metadata) };
}

/** The SDK itself holds the bytes against the checksum that S3 has of them, where it has one of the whole. */
async function download(
  client: S3Client,
  bucket: string,
  { key, version }: ObjectVersion,
  toPath: string,
  transfer: Transfer,
): Promise<void> {
  const where = `s3://${bucket}/${key}`;
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: version, ChecksumMode: 'ENABLED' });
    const { Body } = await client.send(command, { abortSignal: transfer.signal });
    if (!(Body instanceof Readable)) throw new Error('S3 answered without a body');
    await writeNewFile(Body, toPath, transfer);
  } catch (error) {
    if (statusOf(error) === PRECONDITION_FAILED) throw objectChanged(where);
    if (isMissing(error)) throw objectGone(where);
    if (error instanceof Error && /checksum mismatch/i.test(error.message)) throw objectTorn(where);
    throw error;
  }
}

function conditionsOf(condition: WriteCondition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {};
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.version };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name);
}

/** `undefined` where there is no such object. */
function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

/** `undefined` where a condition did not hold: another object is there, or the one that should be is not. */
function orUndone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (statusOf(error) === PRECONDITION_FAILED || isMissing(error)) return undefined;
    throw error;
  });
}
