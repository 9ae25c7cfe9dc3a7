import { rm, writeFile } from 'node:fs/promises';
import { diskError } from '../failure/disk.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { keepCopy } from '../objects/copies/copies.ts';
import { newNameInUse } from '../objects/copies/copies-folder.ts';
import type { ObjectStore, StoredObject } from '../objects/object-store.ts';
import { sharedStore } from '../objects/shared-store.ts';
import type { LakeUri } from '../../workflows/stages.ts';
import { copyHashing } from './copy-hashing.ts';
import { landingKey, type Lake, type StoredKey } from './lake.ts';
import { objectScope } from '../objects/copies/object-scope.ts';
import { objectKeys } from './object-keys.ts';

const nothing = (): void => undefined;

/**
 * A lake below a prefix of a bucket; workers that share it share no disk. An object appears whole under its key or not at
 * all. What is read is fetched once into this machine's copies; what is written stays among them.
 */
export function openObjectLake(uri: LakeUri): Lake {
  const { root, prefix, keyOf, uriOf, objectOf } = objectKeys(uri);
  const store = (): Promise<ObjectStore> => sharedStore(root);

  const find = async (object: string | undefined): Promise<StoredObject | undefined> =>
    object === undefined ? undefined : (await store()).find(object, objectScope().signal);

  const upload = async (path: string, key: string): Promise<void> => {
    const transfer = { onBytes: nothing, signal: objectScope().signal };
    const written = await (await store()).upload(path, prefix + key, transfer);
    if (!written) throw new Error(`${uriOf(key)} was not written, although nothing stood against it`);
    await keepCopy(await store(), written, path);
  };

  /** Lets `fill` write a local file, and takes it into the bucket. */
  const write = async (key: string, fill: (path: string) => Promise<void>): Promise<LakeUri> => {
    const path = await newNameInUse();
    try {
      await fill(path);
      await upload(path, key);
      return uriOf(key);
    } catch (error) {
      throw diskError(error, path);
    } finally {
      await discard(path);
    }
  };

  const claim = async (key: string): Promise<boolean> => (await store()).touch(prefix + key, objectScope().signal);

  async function* walk(folder: string): AsyncGenerator<StoredKey> {
    const below = folder === '.' ? prefix : `${prefix}${folder}/`;
    for await (const object of (await store()).list(below, objectScope().signal))
      yield { key: keyOf(object.key), bytes: object.bytes, writtenMs: object.writtenMs };
  }

  return {
    uri,
    uriOf,
    has: async (key) => (await find(prefix + key)) !== undefined,
    holds: async (lakeUri) => (await find(objectOf(lakeUri))) !== undefined,
    claim,
    walk,
    list: async (folder) => {
      const found: StoredKey[] = [];
      for await (const stored of walk(folder)) found.push(stored);
      return found.sort((a, b) => b.writtenMs - a.writtenMs || (a.key < b.key ? -1 : 1));
    },
    remove: async (key, beforeMs) => {
      const found = await find(prefix + key);
      if (!found || found.writtenMs >= beforeMs) return false;
      return (await store()).remove(found.key, objectScope().signal, found.version);
    },
    removeFolder: async (folder) => {
      for await (const { key } of walk(folder)) await (await store()).remove(prefix + key, objectScope().signal);
    },
    local: async (lakeUri) => {
      const { copies, signal } = objectScope();
      const found = await find(objectOf(lakeUri));
      if (!found) throw notThere(lakeUri, uri);
      return copies.take(await store(), found, signal);
    },
    write,
    writeText: (key, text) => write(key, (path) => writeFile(path, text, { mode: 0o600 })),
    readText: async (lakeUri) => {
      const object = objectOf(lakeUri);
      const found = object === undefined ? undefined : await (await store()).read(object, objectScope().signal);
      if (!found) throw notThere(lakeUri, uri);
      return found.text;
    },
    land: async (localPath, onBytes, signal) => {
      const path = await newNameInUse();
      try {
        const { hex, bytes } = await copyHashing(localPath, path, onBytes, signal);
        const key = landingKey(hex);
        const landed = { uri: uriOf(key), bytes, digest: hex };
        // Until it is kept nothing of it is sent: it may turn out to be infected, or to have changed.
        const keep = async (): Promise<void> => {
          if (!(await claim(key))) {
            const transfer = { onBytes: nothing, signal };
            // Where somebody else was faster, the same bytes are there.
            const written = await (await store()).upload(path, prefix + key, transfer, 'absent');
            if (!written && !(await claim(key))) throw notThere(landed.uri, uri);
          }
          await discard(path);
        };
        return { landed, path, keep, drop: () => discard(path) };
      } catch (error) {
        await discard(path);
        throw error;
      }
    },
  };
}

function discard(path: string): Promise<void> {
  return rm(path, { force: true }).catch(nothing);
}

function notThere(lakeUri: LakeUri, lake: LakeUri): AcequiaError {
  return new AcequiaError('LakeMissing', {
    what: 'The lake does not have what a run has left there.',
    where: lakeUri,
    why: `Looked for in ${lake}.`,
    remedy: 'see whether ACEQUIA_LAKE names the lake of that run; a run that is started anew makes what it needs',
  });
}
