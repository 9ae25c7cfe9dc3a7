import type { DestinationKind } from '../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../workflows/stages.ts';
import type { Work } from '../progress.ts';
import { databasePlace } from './database/database-place.ts';
import type { DatabaseEngine } from './database/engine.ts';
import { publishToDatabase } from './database/publish.ts';
import { DUCKDB } from './duckdb/engine.ts';
import { DUCKLAKE } from './ducklake/engine.ts';
import { publishToParquet } from './parquet/publish.ts';
import { mergesList } from './refusals.ts';
import { POSTGRES } from './postgres/engine.ts';
import { SQLITE } from './sqlite/engine.ts';

/** What a worker knows that a plan must not: connections are looked up in `variables`. */
export interface PublishSettings {
  readonly variables: Readonly<Record<string, string | undefined>>;
}

type Publisher = (request: PublishRequest, work: Work, settings: PublishSettings) => Promise<PublishedTable[]>;

/** Makes the tables of a run visible at one destination. One publisher per kind of destination. */
const PUBLISHERS: Readonly<Record<DestinationKind, Publisher>> = {
  sqlite: database(SQLITE),
  duckdb: database(DUCKDB),
  postgres: database(POSTGRES),
  ducklake: database(DUCKLAKE),
  parquet: publishToParquet,
};

function database(engine: DatabaseEngine): Publisher {
  return async (request, work, { variables }) =>
    publishToDatabase(engine, databasePlace(request.destination, variables), request, work);
}

/** Errors: `DestinationMismatch` for lists that are to be merged; those of the destination's publisher. */
export async function publishTables(
  request: PublishRequest,
  work: Work,
  settings: PublishSettings,
): Promise<PublishedTable[]> {
  const list = request.destination.tables.find(
    ({ from, mode, key }) => from === 'source' && mode === 'merge' && key.includes('_parent'),
  );
  if (list) throw mergesList(request, list.name, 'merge');
  return PUBLISHERS[request.destination.kind](request, work, settings);
}
