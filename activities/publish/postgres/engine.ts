import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { LONGEST_NAME } from '../database/bounded-name.ts';
import type { DatabaseEngine, Restructuring } from '../database/engine.ts';
import type { Load } from '../staged-load.ts';
import { postgresColumn, postgresType } from './column-types.ts';
import { makeOrSwap } from './make-table.ts';
import { beginPostgres, openPostgres } from './open-database.ts';
import { postgresProblem } from './problems.ts';
import { ask, execute, forget } from './execute.ts';
import { scratchName } from './scratch-name.ts';
import { postgresSite } from './site.ts';
import { postgresTableAt } from './table-at.ts';

/**
 * A schema of a Postgres database. Rows go there by binary COPY; what is there already is compared and changed by Postgres
 * itself. Foreign keys are not declared: a table that others point to could not be replaced.
 */
export const POSTGRES: DatabaseEngine = {
  foreignKeys: false,
  indexedRows: Infinity,
  readBackRows: 200_000,
  asText: ['JSON'],
  column: postgresColumn,
  // What is longer would be cut off; unqualified, a name with `pg_` is one of Postgres's own.
  names: { longest: LONGEST_NAME, tables: /^pg_/, columns: /^(?:ctid|xmin|xmax|cmin|cmax|tableoid)$/ },
  open: openPostgres,
  begin: beginPostgres,
  tableAt: postgresTableAt,
  rowCount: async (session, name) => {
    const [row] = await ask<{ n: string }>(session, `SELECT count(*) AS n FROM ${identifier(name)}`);
    return Number(row?.n ?? 0);
  },
  site: postgresSite,
  bring,
  make: makeOrSwap,
  restructure,
  problem: postgresProblem,
};

/** Copies the rows of a load into a table beside the one that they are for, with that one's types. */
async function bring<Result>(
  session: Session,
  { table, columns, relation }: Load,
  use: (relation: string) => Promise<Result>,
): Promise<Result> {
  const brought = identifier(scratchName('load', table.name));
  const list = identifiers(columns.map(({ name }) => name));
  await execute(session, `DROP TABLE IF EXISTS ${brought}`);
  await execute(
    session,
    `CREATE UNLOGGED TABLE ${brought} AS SELECT ${list} FROM ${identifier(table.name)} WITH NO DATA`,
  );
  await forget(session);
  await session.run(`INSERT INTO ${brought} (${list}) SELECT ${list} FROM ${relation}`);
  await execute(session, `ANALYZE ${brought}`);
  const result = await use(brought);
  await execute(session, `DROP TABLE ${brought}`);
  await forget(session);
  return result;
}

async function restructure(session: Session, { structure, added, widened }: Restructuring): Promise<string[]> {
  const table = identifier(structure.name);
  const statements = [
    ...added.map(({ name, type }) => `ALTER TABLE ${table} ADD COLUMN ${identifier(name)} ${postgresType(type)}`),
    ...widened.map(
      ({ name, type }) => `ALTER TABLE ${table} ALTER COLUMN ${identifier(name)} TYPE ${postgresType(type)}`,
    ),
  ];
  for (const statement of statements) await execute(session, statement);
  await forget(session);
  return statements;
}
