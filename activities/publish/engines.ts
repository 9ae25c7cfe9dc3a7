import type { DestinationKind } from '../../workflows/definition/index.ts';
import type { DatabaseEngine } from './database/engine.ts';
import { DUCKDB } from './duckdb/engine.ts';
import { DUCKLAKE } from './ducklake/engine.ts';
import { POSTGRES } from './postgres/engine.ts';
import { SQLITE } from './sqlite/engine.ts';

/** The kinds of destinations that are databases. */
export const DATABASE_ENGINES: Readonly<Record<Exclude<DestinationKind, 'parquet'>, DatabaseEngine>> = {
  sqlite: SQLITE,
  duckdb: DUCKDB,
  postgres: POSTGRES,
  ducklake: DUCKLAKE,
};

export function databaseEngine(kind: DestinationKind): DatabaseEngine {
  if (kind === 'parquet') throw new Error('Parquet files are no database');
  return DATABASE_ENGINES[kind];
}
