import type { FieldFinding } from './reading.ts';
import type { RowBuilder } from './row-builder.ts';
import type { TypeEvidence } from '../types/evidence.ts';

/** Where a parser puts what it read. One for each thread. */
export interface RecordOutput {
  /** In the layout's order: the records' own table first, then those of nested lists. */
  readonly tables: readonly [TableOutput, ...TableOutput[]];
  /** A record that cannot be read. At most 64 KB of its text are kept. `length`: its bytes in the file, if more than are given. */
  broken(record: RecordPlace, reason: string, bytes: Uint8Array, from: number, to: number): void;
  /** Notes a field that the layout does not know; give its values to the evidence that comes back. */
  finding(table: string, field: string, kind: FieldFinding['kind'], line: number): TypeEvidence;
  /** Tells people of something that may be wrong, once for each record. */
  warn(what: string, line: number): void;
  /** Between two records, for readers without windows: what has become large is written. Cheap; call it often. */
  settle(): void;
}

export interface RecordPlace {
  /** 1-based. */
  readonly line: number;
  /** Bytes of the file. */
  readonly offset: number;
  readonly length: number;
}

/** The rows of one table. After the columns come those of provenance. */
export interface TableOutput {
  readonly good: RowBuilder;
  /** The same columns, all as text: for records with a value that its column does not take. */
  readonly suspect: RowBuilder;
}
