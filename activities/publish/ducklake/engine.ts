import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { createTable } from '../database/create-table.ts';
import type { DatabaseEngine, Making } from '../database/engine.ts';
import { restructureByRebuild } from '../database/rebuild-table.ts';
import { duckdbTableAt } from '../duckdb/table-at.ts';
import { sessionSite } from '../modes/site.ts';
import { duckLakeColumn } from './column-types.ts';
import { duckLakeProblem, openDuckLake } from './open-database.ts';

/**
 * A DuckLake: Parquet files, and a catalogue in SQLite or Postgres whose transactions make them visible. It has neither keys
 * nor indexes; each load is held against its key all the same. Of a publication that was cut off, files may stay that no
 * snapshot names: `CALL ducklake_delete_orphaned_files` removes them.
 */
export const DUCKLAKE: DatabaseEngine = {
  foreignKeys: false,
  indexedRows: 0,
  readBackRows: 200_000,
  asText: [],
  column: duckLakeColumn,
  names: { columns: /^_ducklake_internal_/i },
  open: openDuckLake,
  begin: async (session, ledger) => {
    await session.run('BEGIN TRANSACTION');
    await ledger();
  },
  tableAt: duckdbTableAt,
  rowCount: (session, name) => session.count(`SELECT count(*) FROM ${identifier(name)}`),
  site: sessionSite,
  bring: (_, { relation }, use) => use(relation),
  make,
  restructure: restructureByRebuild,
  problem: duckLakeProblem,
};

async function make(session: Session, { load, structure, required, rows, there }: Making): Promise<void> {
  const table = identifier(load.table.name);
  if (there) await session.run(`DROP TABLE ${table}`);
  await session.run(createTable(structure, load.columns, required));
  const { partitionBy = [] } = load.table;
  if (partitionBy.length > 0)
    await session.run(`ALTER TABLE ${table} SET PARTITIONED BY (${identifiers(partitionBy)})`);
  await session.run(`INSERT INTO ${table} SELECT * FROM ${rows}`);
}
