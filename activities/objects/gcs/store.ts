import { setMaxListeners } from 'node:events';
import { CRC32C, type Bucket, type File } from '@google-cloud/storage';
import { objectChanged, objectGone, objectTorn } from '../changed-object.ts';
import type { ObjectStore, ObjectVersion, StoredObject, Transfer } from '../object-store.ts';
import { writeNewFile } from '../write-new-file.ts';
import { BucketMissingError, gcsProblem, isBucketMissing, openClient, requireCredentials, statusOf } from './client.ts';
import { generationOf, storedObject, unchangedSince } from './stored-object.ts';
import { uploadFile, writeText } from './upload.ts';

const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;

/** A bucket of Google Cloud Storage. */
export function openGcs(name: string): ObjectStore {
  const client = openClient();
  const bucket = client.bucket(name);
  let admitted: Promise<void> | undefined;
  const root = `gs://${name}`;

  /** Does something with one object; its errors come in words for people, a cancellation as itself. */
  const attempt = async <T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    // Every request listens to it, and a stage makes many at once.
    setMaxListeners(0, signal);
    try {
      signal.throwIfAborted();
      await (admitted ??= requireCredentials(client));
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw gcsProblem(error, `${root}/${key}`);
    }
  };

  /** The same for a request: the SDK cannot stop one, so nobody waits for its answer then. */
  const ask = <T>(key: string, signal: AbortSignal, request: () => Promise<T>): Promise<T> =>
    attempt(key, signal, () => untilStopped(request(), signal));

  const find = (key: string, signal: AbortSignal): Promise<StoredObject | undefined> =>
    ask(key, signal, () => orMissing(look(bucket.file(key)).then(storedObject)));

  return {
    root,
    find,
    list: async function* (prefix, signal) {
      let pageToken: string | undefined;
      do {
        const query = { prefix, autoPaginate: false, maxResults: 1000, ...(pageToken ? { pageToken } : {}) };
        const [files, next] = await ask(prefix, signal, () => bucket.getFiles(query).catch(sayNoBucket));
        yield* files.map(storedObject);
        pageToken = (next as { pageToken?: string } | null)?.pageToken;
      } while (pageToken);
    },
    download: (object, toPath, transfer) =>
      attempt(object.key, transfer.signal, () => download(bucket, object, toPath, transfer)),
    upload: (fromPath, key, transfer, condition, digest) =>
      attempt(key, transfer.signal, () =>
        orUndone(uploadFile(fromPath, { bucket, key, condition, digest }, transfer).catch(sayNoBucket)),
      ),
    read: (key, signal) =>
      ask(key, signal, () =>
        orMissing(
          look(bucket.file(key)).then(async (file) => {
            const { version } = storedObject(file);
            const [bytes] = await bucket.file(key, { generation: generationOf(version) }).download();
            return { text: bytes.toString('utf8'), version };
          }),
        ),
      ),
    write: (key, text, signal, condition) =>
      ask(key, signal, () => orUndone(writeText(text, bucket, key, condition).catch(sayNoBucket))),
    touch: (key, signal) =>
      ask(key, signal, async () => {
        const touched = bucket.file(key).setMetadata({ customTime: new Date().toISOString() });
        return (await orMissing(touched)) !== undefined;
      }),
    remove: (key, signal, version) =>
      ask(key, signal, async () => {
        // The emulator does not look at conditions here.
        if (version !== undefined && (await find(key, signal))?.version !== version) return false;
        const removed = bucket.file(key).delete(version === undefined ? {} : unchangedSince(version));
        return (await orUndone(orMissing(removed))) !== undefined;
      }),
    contentOf: generationOf,
    close: () => undefined,
  };
}

async function look(file: File): Promise<File> {
  await file.getMetadata();
  return file;
}

/** The bytes are held against the checksum that the store has of them. */
async function download(
  bucket: Bucket,
  { key, version }: ObjectVersion,
  toPath: string,
  transfer: Transfer,
): Promise<void> {
  const where = `gs://${bucket.name}/${key}`;
  const generation = generationOf(version);
  const file = bucket.file(key, { generation });
  try {
    const { metadata } = await look(file);
    const checksum = new CRC32C();
    // As it is stored: unpacking is for whoever reads the file.
    const body = file.createReadStream({ validation: false, decompress: false });
    await writeNewFile(body, toPath, transfer, {
      update: (piece) => checksum.update(piece),
      end: () => {
        if (metadata.crc32c && !checksum.validate(metadata.crc32c)) throw objectTorn(where);
      },
    });
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND || isBucketMissing(error)) throw error;
    throw (await orMissing(look(bucket.file(key)))) ? objectChanged(where) : objectGone(where);
  }
}

function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
}

/** Where no object was asked for, only the bucket can be missing. */
function sayNoBucket(error: unknown): never {
  if (statusOf(error) === NOT_FOUND) throw new BucketMissingError();
  throw error;
}

/** `undefined` where there is no such object. */
function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (statusOf(error) === NOT_FOUND && !isBucketMissing(error)) return undefined;
    throw error;
  });
}

/** `undefined` where a condition did not hold: another object is there, or the one that should be is not. */
function orUndone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (statusOf(error) === PRECONDITION_FAILED) return undefined;
    throw error;
  });
}
