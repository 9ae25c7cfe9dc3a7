import { randomUUID } from 'node:crypto';
import type { DatabaseTable } from '../../../workflows/definition/index.ts';
import type { DatabaseSnapshot, SnapshotRequest, SnapshotTable } from '../../../workflows/database.ts';
import type { FailedSource } from '../../../workflows/stages.ts';
import { bigQueryPlace } from '../../bigquery/place.ts';
import { bigQueryProblem, type ProblemTypes } from '../../bigquery/problems.ts';
import { queryJob, smallAnswer } from '../../bigquery/read-rows.ts';
import { openWarehouse, type Warehouse } from '../../bigquery/warehouse.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { openLake } from '../../lake/lake.ts';
import type { Work } from '../../progress.ts';
import { withScratchFolder } from '../../scratch-folder.ts';
import { landTable } from '../land-table.ts';
import type { SnapshotSettings } from '../postgres/read-snapshot.ts';
import { readTable } from './read-table.ts';

const TYPES: ProblemTypes = {
  missing: 'SourceMissing',
  denied: 'SourceDenied',
  busy: 'SourceBusy',
  unreachable: 'SourceUnreachable',
  refused: 'SourceUnreadable',
};

/** What costs one table; all else is about the whole dataset, or passes by itself. */
const OF_ONE_TABLE: readonly string[] = ['SourceMissing', 'SourceDenied', 'SourceUnreadable'];

/** Reads tables and queries of BigQuery, and lands them: see `readSnapshot` of Postgres. Tables are those of one moment. */
export async function readBigQuery(
  request: SnapshotRequest,
  work: Work,
  { variables }: SnapshotSettings,
): Promise<DatabaseSnapshot> {
  const { name, tables, ...reference } = request.database;
  const place = bigQueryPlace(reference, name, variables);
  work.report({ step: 'connecting' });
  const read: SnapshotTable[] = [];
  const failed: FailedSource[] = [];
  const warehouse = await toldOf(name, work, () => openWarehouse(place, variables));
  const moment = await toldOf(name, work, () => momentOf(warehouse, work));
  for (const table of tables) {
    try {
      const one = await toldOf(`${name}/${table.table}`, work, () => readOne(warehouse, table, moment, request, work));
      read.push(one);
      work.report({ step: `read ${table.table}`, rows: read.reduce((sum, { rows }) => sum + rows, 0) });
    } catch (error) {
      if (!(error instanceof AcequiaError) || !OF_ONE_TABLE.includes(error.type)) throw error;
      const { type, message } = error;
      failed.push({ name: table.source, error: { type, message, stage: 'snapshot' } });
    }
  }
  return { name, tables: read, failed };
}

/** By the clock of BigQuery, to which that of this machine may be in the future. */
async function momentOf(warehouse: Warehouse, work: Work): Promise<string> {
  const query = 'SELECT CAST(CURRENT_TIMESTAMP() AS STRING) AS moment';
  const [row] = await smallAnswer(warehouse, queryJob(warehouse, `acequia_source_${randomUUID()}`, query), work);
  return row?.['moment'] ?? '';
}

async function toldOf<Result>(where: string, { signal }: Work, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    signal.throwIfAborted();
    throw bigQueryProblem(error, where, TYPES);
  }
}

async function readOne(
  warehouse: Warehouse,
  table: DatabaseTable,
  moment: string,
  { lake, run }: SnapshotRequest,
  work: Work,
): Promise<SnapshotTable> {
  return withScratchFolder(async (folder) => {
    const { file, rows } = await readTable(warehouse, table, moment, folder, work);
    const landed = await landTable(openLake(lake), run, table.source, [file], work);
    return { source: table.source, rows, total: rows, ...landed };
  });
}
