import type { ColumnType, CsvDialect } from '../../../workflows/definition/index.ts';
import type { FailedSource, LakeUri } from '../../../workflows/stages.ts';
import type { StagedCounts } from './staged-files.ts';

/** How a source was read, for people and for guards: in the lake beside the staged rows. */
export interface SourceReport {
  readonly counts: StagedCounts;
  readonly files: readonly FileReport[];
  readonly tables: readonly TableReport[];
  /** Fields that the contract leaves out, by their whole paths. */
  readonly leftOut: readonly string[];
  /** Columns of the contract that some files do not have. */
  readonly missing: readonly { readonly column: string; readonly files: readonly string[] }[];
  /** Files that could not be read, and were left aside while the others went on. */
  readonly parked: readonly FailedSource[];
}

export interface FileReport {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the landed bytes, hex. */
  readonly digest: string;
  /** Where those bytes are; entries of an archive share them. */
  readonly landing: LakeUri;
  readonly read: number;
  readonly format: string;
  readonly compression: string;
  /** Empty for formats that are no text. */
  readonly encoding: string;
  /** How it is written, in words; empty for formats that have only one way. */
  readonly dialect: string;
  /** Of a delimited file: the same as a definition declares it. */
  readonly csv?: CsvDialect;
  /** 0 to 1: how sure the dialect is; 1 where it was declared. */
  readonly confidence: number;
  readonly warnings: readonly string[];
}

export interface TableReport {
  readonly name: string;
  /** Path of the list whose members are its rows: `''` for the records, `items[]`. */
  readonly list: string;
  readonly columns: readonly ColumnReport[];
}

export interface ColumnReport {
  readonly name: string;
  /** The name in the header, or the path within its list. */
  readonly field: string;
  /** As a contract writes it: `decimal(10,2)`, with `!` where it is required. */
  readonly type: string;
  readonly origin: 'declared' | 'inferred';
  /** What ruled out other types: the first line whose value did. */
  readonly ruledOut: readonly { readonly kind: ColumnType['kind']; readonly line: number }[];
}
