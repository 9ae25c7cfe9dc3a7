import type { ColumnType } from '../../../workflows/definition/index.ts';
import type { EvidenceData } from '../types/evidence.ts';
import type { RowLayout } from './layout.ts';

/** Reading a file, in words that threads can be sent. */
export interface RowsJob {
  /** Plain UTF-8 bytes (or, for Excel, the workbook), unpacked and local. */
  readonly path: string;
  /** The file's name for people and for `_file`. */
  readonly name: string;
  readonly format: FormatJob;
  readonly layout: RowLayout;
  /** Only look, at this many bytes from the start: nothing is written, every field is unknown but those of the layout. */
  readonly sampleBytes?: number;
  /** A folder of our own: the row files go there. */
  readonly folder: string;
  /** Threads that parse. */
  readonly threads: number;
}

/** What each format's readers need to know. `limits` are settled by then. */
export type FormatJob =
  | {
      readonly kind: 'csv';
      readonly delimiter: string;
      /** Empty: nothing quotes. */
      readonly quote: string;
      /** Byte of the first record or header line: what stands before is preamble. */
      readonly start: number;
      /** 1-based line at `start`. */
      readonly startLine: number;
      readonly header: boolean;
      /** Lines that begin with it are no records; empty: none. */
      readonly comment: string;
      /** Field names in the file's order, as the header has them or `column_1`… */
      readonly names: readonly string[];
    }
  | { readonly kind: 'jsonl' }
  /** `records`: path of the list inside the document (`data.items`); empty: the document itself is the list or the one record. */
  | { readonly kind: 'json'; readonly records: string }
  /** `records`: path of the record elements (`orders/order`); found by repetition (`find-records.ts`) where nobody said it. */
  | { readonly kind: 'xml'; readonly records: string }
  /** `sheet` empty: the first. `names` of its columns from the left; absent: as its header row has them. */
  | { readonly kind: 'excel'; readonly sheet: string; readonly header: boolean; readonly names?: readonly string[] };

/** A field that the layout does not know, or whose type it has wrong. */
export interface FieldFinding {
  /** Path of the list it stands in: `''` for the record, `items[]`. */
  readonly table: string;
  /** The header's name, or the path inside that: `meta.code`. */
  readonly field: string;
  /** `list`: rows of a nested table; `mixed`: sometimes a value, sometimes an object or list, so JSON text is all that holds it. */
  readonly kind: 'value' | 'list' | 'mixed';
  /** 1-based line where this was first seen. */
  readonly line: number;
  /** Of the findings of one line: their order there. */
  readonly order?: number;
  /** What its values would fit, over all that were seen. */
  readonly evidence: EvidenceData;
  /** The type that the file itself gives the field (Parquet); it need not be found out. */
  readonly type?: ColumnType;
}

export interface RowFile {
  readonly path: string;
  readonly rows: number;
}

/** What was read. With findings the files are of no use: the layout must be mended and the file read again. */
export interface RowsSummary {
  /** Records of the file: `good + suspect + broken` of the first table. */
  readonly records: number;
  readonly broken: number;
  /** In the layout's order. `good` as the layout says; `suspect` has the same columns, all as text. Absent without rows, or in a sample. */
  readonly tables: readonly { readonly name: string; readonly good?: RowFile; readonly suspect?: RowFile }[];
  /** Columns `_line, _offset, _length` (BIGINT), `reason, record` (VARCHAR; at most 64 KB of the record's text). */
  readonly brokenFile?: RowFile;
  readonly findings: readonly FieldFinding[];
  /** Things people should look at (a quote inside an unquoted field, a field of many lines), most frequent first, at most 20. */
  readonly warnings: readonly { readonly what: string; readonly line: number; readonly rows: number }[];
}

/** Whole records of a file, found by the second reader, for the first to read. */
export interface Window {
  readonly index: number;
  /** Bytes of the file. */
  readonly start: number;
  readonly end: number;
  /** 1-based line, and 1-based number of the first record. */
  readonly line: number;
  readonly record: number;
  /** What the second reader counted; the first must count the same. `fields` over all records. */
  readonly records: number;
  readonly fields: number;
}

/** The second reader of a format: independent of the first, it finds where records end and counts them and their fields. */
export interface Splitter {
  /**
   * Takes the bytes that stand at `base` of the file, tells `found` of each finished window, and returns the byte of the
   * file at which to go on: normally the end of what it was given. `last`: the file ends here.
   */
  feed(bytes: Uint8Array, base: number, last: boolean, found: (window: Window) => void): number;
}
