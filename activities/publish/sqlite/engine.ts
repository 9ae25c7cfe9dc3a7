import type { DatabaseEngine } from '../database/engine.ts';
import { sqliteColumn } from './column-types.ts';
import { openSqlite, sqliteProblem } from './open-database.ts';
import { sqliteTableAt } from './table-at.ts';

/** A SQLite file, through DuckDB's extension. Its indexes lie on disk and may be of any size. */
export const SQLITE: DatabaseEngine = {
  foreignKeys: true,
  indexedRows: Infinity,
  column: sqliteColumn,
  open: openSqlite,
  tableAt: sqliteTableAt,
  problem: sqliteProblem,
};
