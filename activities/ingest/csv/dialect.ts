import type { CsvFormat } from './csv-format.ts';

/** Everything that the readers of a delimited file need to know. */
export type CsvDialect = Omit<CsvFormat, 'kind'>;

/** A dialect, and why it is thought to be the file's. */
export interface DialectReport {
  /** `names`: the header's own, in the file's order, which may repeat or be empty; `column_1`, … without a header. */
  readonly dialect: CsvDialect;
  /** Of the first lines; told, as readers take each of them. */
  readonly lineEnd: 'LF' | 'CRLF' | 'CR' | 'mixed' | 'none';
  /** 0 to 1; 1 where everything was declared. */
  readonly confidence: number;
  /** In words, without values of the file. */
  readonly reasons: readonly string[];
  /** What people should look at: lines that are left out, records that will be broken, a header that nothing proves. */
  readonly warnings: readonly string[];
  readonly runnerUp?: { readonly delimiter: string; readonly quote: string; readonly columns: number };
  /** What was looked at: bytes, records, and those among them that have the dialect's columns. */
  readonly evidence: { readonly bytes: number; readonly records: number; readonly fitting: number };
}

/** Two readings of a file between which nothing decides; parts of an error for people. */
export interface DialectDoubt {
  readonly what: string;
  readonly line: number;
  readonly why: string;
  readonly remedy: string;
}

/** What the one who wants to read the file knows. */
export interface DialectWishes {
  /** Is taken as it is. `start` and `startLine` go together: without one the other is counted. */
  readonly declared: Partial<CsvDialect>;
  /** Names that a contract expects in the header. */
  readonly known: readonly string[];
}
