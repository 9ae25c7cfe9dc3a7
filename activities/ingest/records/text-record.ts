import type { OpenedFile } from '../files/open-file.ts';
import type { Session } from '../../duckdb/session.ts';

/** A record of a file as one JSON text, as near to the file's bytes as can be. */
export interface TextRecord {
  readonly text: string;
  /** Why it cannot be read, for people; its text is then what stands in the file, at most 64 KB of it. */
  readonly problem?: string;
}

/** A file's records in its order, a piece at a time: a large file takes no more memory than a small one. */
export type TextRecords = AsyncGenerator<readonly TextRecord[], void>;

/** What readers of records work with. */
export interface RecordReading {
  /** For what DuckDB reads. */
  readonly session: Session;
  /** A scratch folder of this file's own. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export type ReadRecords = (file: OpenedFile, reading: RecordReading) => TextRecords;

/** Bytes of one record that is taken whole; a longer one is put aside. */
export const RECORD_BYTES = 32 << 20;
