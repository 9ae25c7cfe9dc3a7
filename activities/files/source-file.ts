import type { AcequiaError } from '../failure/acequia-error.ts';
import type { Transfer } from '../objects/object-store.ts';
import { expectUnchanged, type FoundFile } from './found-file.ts';

/** A file with something in it that was found, wherever it lies, and knows how its bytes are got. */
export interface SourceFile {
  /** Where it lies, for people: an absolute path, `s3://bucket/key`. */
  readonly path: string;
  /** Relative to the source's root, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /**
   * A local file of its bytes, as they were found: itself, or a copy in `folder`. Errors: `SourceChanging`, `SourceMissing`;
   * those of the store.
   */
  fetch(folder: string, transfer: Transfer): Promise<string>;
  /** Error `SourceChanging` when it is no longer what was found, or when not all of it was read. */
  expectUnchanged(bytesRead: number): Promise<void>;
}

/** What is still known of a file once its bytes are in the lake. */
export type FileIdentity = Pick<SourceFile, 'path' | 'name' | 'modifiedMs'>;

/** A file that was found and is not taken; the others are. */
export interface RefusedFile {
  readonly path: string;
  readonly name: string;
  readonly error: AcequiaError;
}

export interface FoundFiles<F extends SourceFile = SourceFile> {
  /** What the names are relative to: the folder out of which no link may lead, or a prefix of a bucket. */
  readonly root: string;
  /** By name. */
  readonly files: readonly F[];
  readonly refused: readonly RefusedFile[];
  /** Names that a folder or glob covers and that are left out: `_…`, `….part`, links to folders. */
  readonly leftOut: readonly string[];
  /** Lets go of connections; nothing can be fetched afterwards. */
  close(): void;
}

/** A regular, readable file of this machine. */
export class LocalFile implements SourceFile, FoundFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly inode: number;

  constructor(path: string, name: string, { bytes, modifiedMs, inode }: FoundFile) {
    this.path = path;
    this.name = name;
    this.bytes = bytes;
    this.modifiedMs = modifiedMs;
    this.inode = inode;
  }

  fetch(): Promise<string> {
    return Promise.resolve(this.path);
  }

  expectUnchanged(bytesRead: number): Promise<void> {
    return expectUnchanged(this.path, this, bytesRead);
  }
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
