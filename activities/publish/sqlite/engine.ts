import type { DatabaseEngine } from '../database/engine.ts';
import { makeInPlace } from '../database/make-table.ts';
import { restructureByRebuild } from '../database/rebuild-table.ts';
import { sessionSite } from '../modes/site.ts';
import { sqliteColumn } from './column-types.ts';
import { openSqlite, sqliteProblem } from './open-database.ts';
import { sqliteRowCount, sqliteTableAt } from './table-at.ts';

/**
 * A SQLite file, through DuckDB's extension. Its indexes lie on disk and may be of any size. The extension
 * finds rows by `rowid`: where a column has that name, it reads only some of them.
 */
export const SQLITE: DatabaseEngine = {
  foreignKeys: true,
  indexedRows: Infinity,
  readBackRows: 200_000,
  asText: [],
  column: sqliteColumn,
  names: { tables: /^sqlite_/i, columns: /^rowid$/i },
  open: openSqlite,
  begin: async (session, ledger) => {
    await session.run('BEGIN TRANSACTION');
    await ledger();
  },
  tableAt: sqliteTableAt,
  rowCount: sqliteRowCount,
  site: sessionSite,
  bring: (_, { relation }, use) => use(relation),
  make: makeInPlace,
  restructure: restructureByRebuild,
  problem: sqliteProblem,
};
