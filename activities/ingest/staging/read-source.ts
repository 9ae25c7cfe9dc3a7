import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Settled } from '../contract/settled.ts';
import type { RowLayout } from '../rows/layout.ts';
import type { RowsSummary } from '../rows/reading.ts';

/** A file whose rows lie in row files, not yet judged by DuckDB. */
export interface ReadFile {
  /** For people, and as `_file`. */
  readonly name: string;
  /** The text that `_offset` counts in; absent where a record has no text of its own (Excel, Parquet). */
  readonly textPath?: string;
  /** The layout it was read with. */
  readonly layout: RowLayout;
  readonly summary: RowsSummary;
}

/** All files of a source, read with the same layout. */
export interface ReadSource {
  readonly source: SourcePlan;
  readonly settled: Settled;
  readonly files: readonly ReadFile[];
  /** A folder of our own for what is needed on the way. */
  readonly folder: string;
}
