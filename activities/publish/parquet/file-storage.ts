import { isObjectUrl } from '../../objects/object-url.ts';
import { openBucketStorage } from './bucket/bucket-storage.ts';
import type { Commit } from './commit.ts';
import { openDiskStorage } from './disk-storage.ts';
import { filesOf } from './layout.ts';

/** Where Parquet files are published: a folder on disk, or what lies below a prefix of a bucket. */
export interface FileStorage {
  /** The destination's path on this machine's disk, where files are read and written aside: itself, or what stands for it. */
  readonly path: string;
  /**
   * Sees that the files of a table can be read there.
   *
   * @param loadId of a load that is only added to the others: of those, the latest are enough. Default: all files
   */
  fetch(table: string, loadId?: string): Promise<void>;
  /** A text with the places that people know instead of those on this machine's disk. */
  readonly named: (text: string) => string;
  /**
   * Finishes what an earlier publication has noted and not carried out, and removes what it has left.
   *
   * @param owner whose leftovers go: a workflow, of which one run is open at a time
   */
  finish(owner: string): Promise<void>;
  /**
   * Carries out what is to become of the files, a commit for each table. Errors: `DestinationBusy` where somebody else has
   * published there since the files were fetched.
   *
   * @param tell how far it has come, in a few words
   */
  carryOut(commits: readonly Commit[], owner: string, tell: (step: string) => void): Promise<void>;
}

/** @param path of the destination: on disk, or `s3://bucket/prefix`, `gs://bucket/prefix` */
export async function openFileStorage(path: string): Promise<FileStorage> {
  return isObjectUrl(path) ? openBucketStorage(path) : openDiskStorage(path);
}

/** The files that hold a table at a destination, whatever their layout, as this machine can read them. */
export async function storedFiles(path: string, table: string): Promise<string[]> {
  const storage = await openFileStorage(path);
  await storage.fetch(table);
  return filesOf(storage.path, table);
}
