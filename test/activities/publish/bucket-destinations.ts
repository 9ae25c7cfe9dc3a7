import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll } from 'vitest';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import type { ObjectStore } from '../../../activities/objects/object-store.ts';
import { startGcs, startS3, type ObjectServer } from '../../support/object-servers.ts';
import { readBy, type Destination } from './destinations.ts';

const signal = new AbortController().signal;
const transfer = { signal, onBytes: () => undefined };

/** A bucket of a real server, of which every folder of a test has a part. */
class Bucket {
  readonly #store: ObjectStore;

  private constructor(store: ObjectStore) {
    this.#store = store;
  }

  static async at(server: ObjectServer, url: string): Promise<Bucket> {
    const home = await mkdtemp(join(tmpdir(), 'acequia-home-'));
    afterAll(() => rm(home, { recursive: true, force: true }));
    Object.assign(process.env, server.environment, { ACEQUIA_HOME: home });
    await server.makeBucket(url.replace(/^\w+:\/\//, ''));
    return new Bucket((await openObjects(url)).store);
  }

  /** Where that is published which is read at a local path. */
  url(path: string): string {
    return `${this.#store.root}/${this.#prefix(path)}${basename(path)}`;
  }

  /** Makes the folder of a local path what the bucket has. */
  async fetch(path: string): Promise<void> {
    const folder = dirname(path);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for await (const object of this.#store.list(this.#prefix(path), signal)) {
      const to = join(folder, object.key.slice(this.#prefix(path).length));
      await mkdir(dirname(to), { recursive: true });
      await this.#store.download(object, to, transfer);
    }
  }

  /** Makes the bucket what the folder of a local path has. */
  async put(path: string): Promise<void> {
    const folder = dirname(path);
    for await (const { key } of this.#store.list(this.#prefix(path), signal)) await this.#store.remove(key, signal);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const from = join(entry.parentPath, entry.name);
      if (entry.isFile()) await this.#store.upload(from, this.#prefix(path) + relative(folder, from), transfer);
    }
  }

  #prefix(path: string): string {
    return `p${createHash('sha256').update(dirname(path)).digest('hex').slice(0, 16)}/`;
  }
}

/** A destination on disk, in a bucket. */
function inBucket(name: string, onDisk: Destination, bucket: Bucket): Destination {
  const { files, rows } = onDisk;
  return {
    ...onDisk,
    name,
    remote: bucket,
    ...readBy({
      ...(files ? { files } : {}),
      rows: async (path, table, mode) => {
        await bucket.fetch(path);
        return rows(path, table, mode);
      },
    }),
  };
}

export type BucketOf = (name: string, onDisk: Destination) => Destination;

/** To be called while a test file is loaded. */
export async function inS3(): Promise<BucketOf> {
  const bucket = await Bucket.at(await startS3(), 's3://published');
  return (name, onDisk) => inBucket(name, onDisk, bucket);
}

/** To be called while a test file is loaded. */
export async function inGcs(): Promise<BucketOf> {
  const bucket = await Bucket.at(await startGcs(), 'gs://published');
  return (name, onDisk) => inBucket(name, onDisk, bucket);
}
