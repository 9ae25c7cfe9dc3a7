import type { DatabaseSnapshot, SnapshotRequest } from '../../workflows/database.ts';
import type { DatabaseKind } from '../../workflows/definition/index.ts';
import type { Work } from '../progress.ts';
import { readBigQuery } from './bigquery/read-snapshot.ts';
import { readSnapshot, type SnapshotSettings } from './postgres/read-snapshot.ts';

/** Who reads a kind of database. */
export const SNAPSHOT_READERS: Readonly<
  Record<DatabaseKind, (request: SnapshotRequest, work: Work, settings: SnapshotSettings) => Promise<DatabaseSnapshot>>
> = {
  postgres: readSnapshot,
  bigquery: readBigQuery,
};
