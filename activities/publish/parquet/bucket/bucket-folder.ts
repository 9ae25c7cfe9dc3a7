import { relative, sep } from 'node:path';
import { AcequiaError } from '../../../failure/acequia-error.ts';
import type { ObjectStore, StoredObject, Transfer, WriteCondition } from '../../../objects/object-store.ts';

/** What lies below a prefix of a bucket, and the folder on disk that stands for it. */
export interface BucketFolder {
  readonly store: ObjectStore;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
  readonly folder: string;
  /** What was there when it was fetched, by the name below the prefix. */
  readonly fetched: ReadonlyMap<string, StoredObject>;
  readonly signal: AbortSignal;
}

/** The name below the prefix of a file in the folder. */
export function nameIn({ folder }: BucketFolder, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

export function urlOf({ store, prefix }: BucketFolder, name: string): string {
  return `${store.root}/${prefix}${name}`;
}

/** The version that was fetched; `null` where there was nothing. */
export function versionOf({ fetched }: BucketFolder, name: string): string | null {
  return fetched.get(name)?.version ?? null;
}

/** What must hold for an object to be replaced that was of this version. */
export function asItWas(version: string | null): WriteCondition {
  return version === null ? 'absent' : { version };
}

export function transferIn({ signal }: BucketFolder): Transfer {
  return { onBytes: () => undefined, signal };
}

/** Nothing is published over what a load was not held against. */
export function changedMeanwhile(bucket: BucketFolder, name: string): AcequiaError {
  return new AcequiaError('DestinationBusy', {
    what: 'Somebody else has published there meanwhile.',
    where: urlOf(bucket, name),
    why: 'It is not what it was when this load was held against it.',
    remedy: 'a run tries again by itself, and takes up what is there then; after that, run the same command again',
  });
}
