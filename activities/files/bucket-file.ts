import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { objectChanged } from '../objects/changed-object.ts';
import type { ObjectStore, StoredObject, Transfer } from '../objects/object-store.ts';
import type { SourceFile } from './source-file.ts';

/** An object of a bucket, in the version that was listed. */
export class BucketFile implements SourceFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly #store: ObjectStore;
  readonly #object: StoredObject;

  constructor(store: ObjectStore, object: StoredObject, name: string) {
    this.path = `${store.root}/${object.key}`;
    this.name = name;
    this.bytes = object.bytes;
    this.modifiedMs = object.writtenMs;
    this.#store = store;
    this.#object = object;
  }

  async fetch(folder: string, transfer: Transfer): Promise<string> {
    // Not its own name: that may be anything, and lead anywhere.
    const path = join(folder, randomUUID());
    await this.#store.download(this.#object, path, transfer);
    return path;
  }

  /** It was downloaded in this very version. */
  expectUnchanged(bytesRead: number): Promise<void> {
    return bytesRead === this.bytes ? Promise.resolve() : Promise.reject(objectChanged(this.path));
  }
}
