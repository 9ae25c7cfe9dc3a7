import type { Dialect } from './csv-record.ts';

/** What the thread is asked to do: split one file into good and broken records. */
export interface SplitJob {
  readonly path: string;
  readonly dialect: Dialect;
  /** For each contract column, in order, the index of its field in the file. */
  readonly projection: readonly number[];
  /** Where the good records go: canonical rows `line,offset,length,values…,proof`. */
  readonly goodPath: string;
  /** Where the others go: canonical rows `line,offset,reason,record`. */
  readonly brokenPath: string;
}

export interface SplitSummary {
  /** Records after the header: `good + broken`. */
  readonly records: number;
  readonly good: number;
  readonly broken: number;
  /** Per contract column: whether its values must be decoded. */
  readonly escaped: readonly boolean[];
  /** Bytes of the longest row in either file. */
  readonly longestRow: number;
}

export type SplitMessage =
  | { readonly kind: 'progress'; readonly bytes: number; readonly rows: number }
  | { readonly kind: 'done'; readonly summary: SplitSummary }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined };
