import type { DestinationKind } from '../../workflows/definition/index.ts';
import { BIGQUERY } from './bigquery/publisher.ts';
import { databasePublisher } from './database/publisher.ts';
import { DUCKDB } from './duckdb/engine.ts';
import { DUCKLAKE } from './ducklake/engine.ts';
import { PARQUET } from './parquet/publisher.ts';
import { POSTGRES } from './postgres/engine.ts';
import type { Publisher } from './publisher.ts';
import { SQLITE } from './sqlite/engine.ts';

/** Where tables can be published. */
export const PUBLISHERS: Readonly<Record<DestinationKind, Publisher>> = {
  sqlite: databasePublisher(SQLITE),
  duckdb: databasePublisher(DUCKDB),
  postgres: databasePublisher(POSTGRES),
  ducklake: databasePublisher(DUCKLAKE),
  parquet: PARQUET,
  bigquery: BIGQUERY,
};
