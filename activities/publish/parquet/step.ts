import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import type { RowsDigest } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import { allNew, type Changes } from '../count-changes.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { Load } from '../staged-load.ts';
import type { Layout } from './layout.ts';
import { newEntry, type ParquetEntry } from './ledger.ts';

/** One load on its way into its place. */
export interface Step {
  readonly session: Session;
  readonly request: PublishRequest;
  readonly load: Load;
  readonly layout: Layout;
  /** Columns whose values stand in the names of folders, with their types. */
  readonly partitions: readonly ThereColumn[];
}

/** What a load makes of the files of a table. */
export interface TableWriting {
  readonly published: PublishedTable;
  /** Absent: what is there stays as it is. */
  readonly write?: ImageToWrite;
}

/** Rows that are to be written. */
export interface ImageToWrite {
  /** What stands behind `FROM`, in the order of the rows. */
  readonly rows: string;
  /** The same without an order. */
  readonly relation: string;
  readonly columns: readonly string[];
  /** Absent where nobody has counted them yet. */
  readonly content?: RowsDigest;
  readonly ledger: readonly ParquetEntry[];
  /** Files that hold the table until then, and do not after; of partitions that do not change, none. */
  readonly replaces: readonly string[];
}

export function account({ request, load }: Step, changes: Changes, ddl: readonly string[] = []): PublishedTable {
  const { name } = load.table;
  return {
    name,
    destination: request.destination.name,
    loadId: load.loadId,
    ...changes,
    ...load.content,
    differences: [],
    ...(ddl.length > 0 ? { ddl } : {}),
  };
}

/** The ledger of a file with one more load. */
export function entered(step: Step, published: PublishedTable, before: readonly ParquetEntry[]): ParquetEntry[] {
  return [...before, newEntry(step.request, published, step.load.mode, step.partitions)];
}

/**
 * What this very run did before, as it counted it then; or, for a later run, nothing to do. `found`: what was there already;
 * default: all of it.
 */
export function standing(
  step: Step,
  entry: ParquetEntry,
  found: Pick<Changes, 'unchanged' | 'outdated'> = { unchanged: step.load.content.rows },
): TableWriting {
  const { inserted, updated, unchanged, removed } = entry;
  const mine = entry.rootRunId === step.request.run.rootRunId;
  const { outdated } = found;
  const counted = mine ? { inserted, updated, unchanged, removed } : { ...allNew(0), unchanged: found.unchanged };
  const changes = { ...counted, ...(outdated ? { outdated } : {}) };
  return { published: account(step, changes, mine ? entry.ddl : []) };
}
