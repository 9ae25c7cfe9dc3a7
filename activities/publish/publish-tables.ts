import type { DestinationPlan } from '../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../workflows/stages.ts';
import type { Work } from '../progress.ts';
import { publishToDatabase } from './database/publish.ts';
import { DUCKDB } from './duckdb/engine.ts';
import { publishToParquet } from './parquet/publish.ts';
import { mergesList } from './refusals.ts';
import { SQLITE } from './sqlite/engine.ts';

type Publisher = (request: PublishRequest, work: Work) => Promise<PublishedTable[]>;

/** Makes the tables of a run visible at one destination. One function per kind of destination. */
const PUBLISHERS: Readonly<Record<DestinationPlan['kind'], Publisher>> = {
  sqlite: (request, work) => publishToDatabase(SQLITE, request, work),
  duckdb: (request, work) => publishToDatabase(DUCKDB, request, work),
  parquet: publishToParquet,
};

/** Errors: `DestinationMismatch` for lists that are to be merged; those of the destination's publisher. */
export async function publishTables(request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  const list = request.destination.tables.find(
    ({ from, mode, key }) => from === 'source' && mode === 'merge' && key.includes('_parent'),
  );
  if (list) throw mergesList(request, list.name);
  return PUBLISHERS[request.destination.kind](request, work);
}
