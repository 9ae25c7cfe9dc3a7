/**
 * Objects in a bucket, of whichever vendor. One folder per vendor (`s3/`, `gcs/`) implements this, with the same files in
 * each; what differs is a field, never a question of which vendor it is.
 */
export interface ObjectStore {
  /** What URLs of its objects begin with: `s3://bucket`. */
  readonly root: string;
  /** Everything whose key begins with `prefix`, by key. Keys are as the bucket has them, never decoded. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject>;
  /** `undefined` where there is none. */
  find(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /**
   * Copies the bytes of exactly this version into a new local file, checked against the checksum that the store has.
   * Errors: `SourceChanging` where another has taken its place, `SourceMissing`.
   */
  download(object: ObjectVersion, toPath: string, transfer: Transfer): Promise<void>;
  /**
   * Copies a local file to a key: a large one in parts, side by side, each with a checksum. It is there whole or not at all;
   * parts of an interrupted one do not stay. Returns what is there now; `undefined` where `condition` did not hold. That is
   * also the answer to whoever has written it, if the first answer was lost and the SDK asked again.
   * @param digest of the bytes, to be kept beside them for whoever finds the object
   */
  upload(
    fromPath: string,
    key: string,
    transfer: Transfer,
    condition?: WriteCondition,
    digest?: string,
  ): Promise<StoredObject | undefined>;
  /** A small object as text; `undefined` where there is none. */
  read(key: string, signal: AbortSignal): Promise<{ readonly text: string; readonly version: string } | undefined>;
  /** Writes a small object. Returns what is there now; `undefined` where `condition` did not hold. */
  write(key: string, text: string, signal: AbortSignal, condition?: WriteCondition): Promise<StoredObject | undefined>;
  /** Whether the object is there; if so, it counts as written now. */
  touch(key: string, signal: AbortSignal): Promise<boolean>;
  /** Removes it; with a version, only that one. Returns whether it did. */
  remove(key: string, signal: AbortSignal, version?: string): Promise<boolean>;
  /** The part of a version that changes with the bytes alone, and not when the object is touched. */
  readonly contentOf: (version: string) => string;
  /** Lets go of connections. */
  close(): void;
}

export interface ObjectVersion {
  readonly key: string;
  /** Changes with the bytes, and where the vendor can also when it is touched: S3's ETag, GCS's generation and metageneration. */
  readonly version: string;
}

export interface StoredObject extends ObjectVersion {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly writtenMs: number;
  /** SHA-256, hex, where whoever uploaded it said it; known of an object that was looked for by its key. */
  readonly digest?: string;
}

/** What must hold for an object to be written: that there is none yet, or that it still is this version. */
export type WriteCondition = 'absent' | { readonly version: string };

export interface Transfer {
  /** Hears how many bytes have gone over so far. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}
