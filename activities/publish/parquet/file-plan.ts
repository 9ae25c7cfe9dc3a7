import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import type { RowsDigest } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import { allNew, type Changes } from '../count-changes.ts';
import type { Load } from '../staged-load.ts';
import { newEntry, type ParquetEntry } from './ledger.ts';
import type { Place } from './place.ts';

/** What is to be written for a load, and how it is seen that it was. */
export interface FileToWrite {
  readonly load: Load;
  readonly query: string;
  readonly ledger: readonly ParquetEntry[];
  /** Of the rows that stood in the file before and stand there still, by the load's columns. */
  readonly kept: RowsDigest;
}

export interface FilePlan {
  readonly published: PublishedTable;
  /** Absent: what is there stays as it is. */
  readonly write?: FileToWrite;
}

/** One load on its way into its place. */
export interface Step {
  readonly session: Session;
  readonly request: PublishRequest;
  readonly load: Load;
  readonly place: Place;
}

/** Nothing stood there before that stands there still. */
export const NOTHING: RowsDigest = { rows: 0, digest: '0'.repeat(32) };

/** A new file for a load: what it adds to the ledger, and how it is counted. */
export function write(
  step: Step,
  changes: Changes,
  query: string,
  ledger: readonly ParquetEntry[],
  kept: FileToWrite['kept'],
): FilePlan {
  const published = account(step, changes);
  const entries = [...ledger, newEntry(step.request, published, step.load.mode)];
  return { published, write: { load: step.load, query, ledger: entries, kept } };
}

export function account({ request, load }: Step, changes: Changes): PublishedTable {
  const { name } = load.table;
  return {
    name,
    destination: request.destination.name,
    loadId: load.loadId,
    ...changes,
    ...load.content,
    differences: [],
  };
}

/** What this very run did before, as it counted it then; or, for a later run, nothing to do. */
export function standing(step: Step, entry: ParquetEntry): FilePlan {
  const { inserted, updated, unchanged, removed } = entry;
  const mine = entry.rootRunId === step.request.run.rootRunId;
  const changes = mine
    ? { inserted, updated, unchanged, removed }
    : { ...allNew(0), unchanged: step.load.content.rows };
  return { published: account(step, changes) };
}
