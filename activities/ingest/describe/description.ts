import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Work } from '../../progress.ts';
import type { Header } from '../contract/header.ts';
import type { OpenedFile } from '../files/open-file.ts';
import type { FormatJob } from '../rows/reading.ts';

/** What readers in threads read, and Parquet, which DuckDB does. `ownRows`: its rows have their provenance already. */
export type FileFormatJob = FormatJob | { readonly kind: 'parquet'; readonly ownRows?: true };

/** How a file is written: what was declared, and what was found out. */
export interface Description {
  /** For its readers. */
  readonly format: FileFormatJob;
  /** Names of the fields in the file's order; absent where records bring their own. */
  readonly header?: Header;
  /** Paths of the values that records of this file have at all, where the file says so though it has no header (Parquet). */
  readonly holds?: readonly string[];
  /** For people; empty for formats that are written in one way only. */
  readonly dialect: string;
  /** 0 to 1; 1 where all was declared, or nothing was to decide. */
  readonly confidence: number;
  readonly warnings: readonly string[];
}

export type Describe = (file: OpenedFile, source: SourcePlan, work: Work) => Promise<Description>;
