import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { TableThere } from '../database/engine.ts';

/** Asks SQLite itself what stands under a name; its names do not differ by case alone. */
export async function sqliteTableAt(session: Session, name: string): Promise<TableThere | undefined> {
  const [found] = await ask<{ type: string; name: string; sql: string | null }>(
    session,
    `SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(${literal(name)})`,
  );
  if (!found) return undefined;
  const info = await pragma<{ name: string; type: string; pk: string }>(session, 'table_info', found.name);
  const references = await pragma<{ from: string; table: string; to: string }>(session, 'foreign_key_list', found.name);
  const indexes = await pragma<{ name: string; origin: string }>(session, 'index_list', found.name);
  const triggers = await ask<{ name: string }>(
    session,
    `SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(${literal(name)})`,
  );
  const types = await typesOf(session, found.name);
  const key = info.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
  return {
    kind: info.some(({ name: column }) => /^rowid$/i.test(column)) ? `${found.type} with a column rowid` : found.type,
    columns: info.map(({ name: column, type }) => ({
      name: column,
      declared: type,
      type: types.get(column) ?? 'VARCHAR',
    })),
    key: key.map(({ name: column }) => column),
    references: references.map(({ from, table, to }) => ({ column: from, table, to })),
    indexes: indexes.filter(({ origin }) => origin === 'c').map((index) => index.name),
    // `INTEGER PRIMARY KEY` is the row's id itself, whatever it is given.
    grows: !key.some(({ type }) => type.toUpperCase() === 'INTEGER') && !/\bWITHOUT\s+ROWID\b/i.test(found.sql ?? ''),
    inexact: [],
    triggers: triggers.map((trigger) => `trigger ${trigger.name}`),
  };
}

/** By SQLite itself: DuckDB counts by row ids, which some tables do not have. */
export async function sqliteRowCount(session: Session, name: string): Promise<number> {
  const [row] = await ask<{ n: string }>(session, `SELECT count(*) AS n FROM ${identifier(name)}`);
  return Number(row?.n ?? 0);
}

/** The types as which DuckDB reads and writes the columns. */
async function typesOf(session: Session, table: string): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; data_type: string }>(
    "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'destination' AND table_name = $table",
    { table },
  );
  return new Map(rows.map(({ column_name: name, data_type: type }) => [name, type]));
}

async function pragma<Row>(session: Session, name: string, table: string): Promise<Row[]> {
  return ask<Row>(session, `SELECT * FROM pragma_${name}(${literal(table)})`);
}

function ask<Row>(session: Session, statement: string): Promise<Row[]> {
  return session.rows<Row>(`SELECT * FROM sqlite_query('destination', ${literal(statement)})`);
}
