import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { objectScope } from '../../../objects/copies/object-scope.ts';
import type { StoredObject } from '../../../objects/object-store.ts';
import { parseObjectUrl } from '../../../objects/object-url.ts';
import { sharedStore } from '../../../objects/shared-store.ts';
import type { FileStorage } from '../file-storage.ts';
import { isOneFile } from '../layout.ts';
import { carryOutInBucket } from './bucket-commit.ts';
import type { BucketFolder } from './bucket-folder.ts';
import { finishNote, removeLeftovers } from './bucket-note.ts';

/**
 * Files below a prefix of a bucket. Those of a table are fetched into a folder that stands for the prefix until the stage
 * ends; what is to become of them is decided and written there as on a disk, and then uploaded.
 */
export async function openBucketStorage(url: string): Promise<FileStorage> {
  const { scheme, bucket: name, key } = parseObjectUrl(url.replace(/\/+$/, ''));
  const { copies, signal } = objectScope();
  const below = randomUUID();
  const folder = join(await copies.folder(), below);
  await mkdir(folder);
  const oneFile = isOneFile(key) ? basename(key) : undefined;
  const prefixed = oneFile === undefined ? `${key}/` : key.slice(0, -oneFile.length);
  const prefix = prefixed === '/' ? '' : prefixed;
  const store = await sharedStore(`${scheme}://${name}`);
  const fetched = new Map<string, StoredObject>();
  const bucket: BucketFolder = { store, prefix, folder, fetched, signal };

  const take = async (object: StoredObject): Promise<void> => {
    const own = object.key.slice(prefix.length);
    await copies.take(store, object, signal, join(below, own));
    fetched.set(own, object);
  };

  return {
    path: oneFile === undefined ? folder : join(folder, oneFile),
    named: (text) => text.replaceAll(folder, url.slice(0, url.length - (oneFile?.length ?? 0)).replace(/\/+$/, '')),
    fetch: async (table, loadId) => {
      const single = await store.find(prefix + (oneFile ?? `${table}.parquet`), signal);
      const found = single ? [single] : [];
      if (oneFile === undefined)
        for await (const object of store.list(`${prefix}${table}/`, signal))
          if (isTableFile(object.key.slice(prefix.length))) found.push(object);
      await Promise.all((loadId === undefined ? found : forAppending(found, loadId)).map(take));
    },
    finish: async (owner) => {
      await finishNote(bucket);
      await removeLeftovers(bucket, owner);
    },
    carryOut: (commits, owner, tell) => carryOutInBucket(bucket, commits, owner, tell),
  };
}

/** Files of single loads that one more is held against. Each has all columns of those before it. */
const LATEST = 8;

/** What a load that is added to others needs of them: itself, the latest, and what somebody else has put there. */
function forAppending(found: readonly StoredObject[], loadId: string): StoredObject[] {
  const isOthers = ({ key }: StoredObject): boolean =>
    /^[0-9a-f]{32}(?:_\d+)?\.parquet$/.test(basename(key)) && !basename(key).startsWith(loadId);
  const others = found.filter(isOthers).sort((a, b) => b.writtenMs - a.writtenMs);
  return [...found.filter((object) => !isOthers(object)), ...others.slice(0, LATEST)];
}

/** What is hidden is on its way, or on its way out; what could not be a file below a folder is none of ours. */
function isTableFile(name: string): boolean {
  return isOneFile(name) && name.split('/').every((part) => part !== '' && !part.startsWith('.'));
}
