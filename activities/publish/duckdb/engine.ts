import { identifier } from '../../duckdb/identifiers.ts';
import type { DatabaseEngine } from '../database/engine.ts';
import { makeInPlace } from '../database/make-table.ts';
import { restructureByRebuild } from '../database/rebuild-table.ts';
import { sessionSite } from '../modes/site.ts';
import { duckdbProblem, openDuckdb } from './open-database.ts';
import { duckdbTableAt } from './table-at.ts';

/**
 * A DuckDB file, which keeps every type as it is. Its foreign keys forbid that a table is replaced that others point to.
 * Its indexes, primary keys included, must fit into memory: six million keys of text do not fit into 512 MB.
 */
export const DUCKDB: DatabaseEngine = {
  foreignKeys: false,
  indexedRows: 1_000_000,
  readBackRows: Infinity,
  asText: [],
  column: (name, type) => ({ name, type, expression: identifier(name) }),
  names: {},
  open: openDuckdb,
  begin: async (session, ledger) => {
    await session.run('BEGIN TRANSACTION');
    await ledger();
  },
  tableAt: duckdbTableAt,
  rowCount: (session, name) => session.count(`SELECT count(*) FROM ${identifier(name)}`),
  site: sessionSite,
  bring: (_, { relation }, use) => use(relation),
  make: makeInPlace,
  restructure: restructureByRebuild,
  problem: duckdbProblem,
};
