import type { LakeUri } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { openFileLake } from './file-lake.ts';
import { openObjectLake } from './object-lake.ts';

/**
 * A run's storage. Keys are relative paths (`staging/sales/…`); what is written appears whole under its key or not at all,
 * so that a killed write leaves nothing behind that a reader could take for finished.
 */
export interface Lake {
  readonly uri: LakeUri;
  has(key: string): Promise<boolean>;
  /** The same for what a URI names. */
  holds(uri: LakeUri): Promise<boolean>;
  uriOf(key: string): LakeUri;
  /**
   * Whether something is under the key, for whoever goes on to need it: if so it counts as written now, so that no clean-up
   * takes it away.
   */
  claim(key: string): Promise<boolean>;
  /** Everything below a folder (`receipts`), the newest first; nothing where there is no such folder. */
  list(folder: string): Promise<StoredKey[]>;
  /** The same in no order and one by one, for folders of any size. */
  walk(folder: string): AsyncIterable<StoredKey>;
  /**
   * Removes what is under the key, unless it was written or claimed at `beforeMs` (milliseconds since 1970) or later.
   * Returns whether it did; `false` as well where nothing is there.
   */
  remove(key: string, beforeMs: number): Promise<boolean>;
  /** Removes a folder with all that is in it; nothing of it may be in use. */
  removeFolder(folder: string): Promise<void>;
  /** Path of a local file with what a URI of this lake names, for as long as the stage or command runs. It is not to be changed. */
  local(uri: LakeUri): Promise<string>;
  /** Calls `fill` with the path of a new local file and puts that file under the key. Replaces what was there. */
  write(key: string, fill: (localPath: string) => Promise<void>): Promise<LakeUri>;
  /** Copies a local file, to be kept under `landing/sha256/…`, named by the digest of its bytes; the same bytes are kept once. */
  land(localPath: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<Landing>;
  writeText(key: string, text: string): Promise<LakeUri>;
  readText(uri: LakeUri): Promise<string>;
}

/** Something under a key, its size, and when it was last written or claimed, in milliseconds since 1970. */
export interface StoredKey {
  readonly key: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

export interface Landed {
  readonly uri: LakeUri;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

/**
 * Bytes that were copied, and are on their way to the disk: whoever needs them reads them meanwhile. Nobody may be told of
 * their URI before they are kept.
 */
export interface Landing {
  readonly landed: Landed;
  /** Where they can be read, until they are kept or dropped. */
  readonly path: string;
  /** Puts them under their key once they are on disk. */
  keep(): Promise<void>;
  /** Removes them, unless they are kept. */
  drop(): Promise<void>;
}

/** Where landed bytes are kept. @param digest SHA-256, hex */
export function landingKey(digest: string): string {
  return `landing/sha256/${digest.slice(0, 2)}/${digest}`;
}

const KINDS: Readonly<Record<string, (uri: LakeUri) => Lake>> = {
  'file:': openFileLake,
  's3:': openObjectLake,
  'gs:': openObjectLake,
};

/** Opens the lake that a URI names: `file:///folder`, `s3://bucket/prefix`, `gs://bucket/prefix`. */
export function openLake(uri: LakeUri): Lake {
  const open = KINDS[/^\w+:/.exec(uri)?.[0] ?? ''];
  if (open) return open(uri);
  throw new AcequiaError('LakeMissing', {
    what: `No lake can be opened at ${uri}.`,
    why: `A lake is a folder, or a prefix of a bucket: ${Object.keys(KINDS).join(', ')}`,
    remedy: 'set ACEQUIA_LAKE to a folder, or to s3://bucket/prefix or gs://bucket/prefix',
  });
}
