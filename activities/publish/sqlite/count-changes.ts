import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier, identifiers, literal } from '../../duckdb/identifiers.ts';
import { rowText } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import type { SqliteColumn } from './column-types.ts';

export interface Changes {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** What replacing the table will change, by key. A table that is not there, or has other columns, counts as empty. */
export async function countChanges(
  session: Session,
  table: TablePlan,
  columns: readonly SqliteColumn[],
  incoming: string,
): Promise<Changes> {
  const names = columns.map(({ name }) => name);
  const total = await session.count(`SELECT count(*) FROM ${incoming}`);
  const before = await columnsThere(session, table.name);
  if (before.length === 0) return { inserted: total, updated: 0, unchanged: 0, removed: 0 };
  if (before.join() !== names.join()) {
    const removed = await session.count(`SELECT count(*) FROM ${identifier(table.name)}`);
    return { inserted: total, updated: 0, unchanged: 0, removed };
  }
  const [row] = await session.rows<Record<keyof Changes, string>>(`
    WITH old AS (SELECT ${identifiers(table.key)}, ${rowText(names)} AS content FROM ${identifier(table.name)}),
         new AS (SELECT ${identifiers(table.key)}, ${rowText(names)} AS content FROM ${incoming})
    SELECT count(*) FILTER (old.content IS NULL) AS inserted,
           count(*) FILTER (old.content <> new.content) AS updated,
           count(*) FILTER (old.content = new.content) AS unchanged,
           count(*) FILTER (new.content IS NULL) AS removed
    FROM old FULL JOIN new USING (${identifiers(table.key)})`);
  return {
    inserted: Number(row?.inserted ?? 0),
    updated: Number(row?.updated ?? 0),
    unchanged: Number(row?.unchanged ?? 0),
    removed: Number(row?.removed ?? 0),
  };
}

async function columnsThere(session: Session, table: string): Promise<string[]> {
  const statement = `SELECT name FROM pragma_table_info(${literal(table)})`;
  const rows = await session.rows<{ name: string }>(`SELECT * FROM sqlite_query('destination', ${literal(statement)})`);
  return rows.map(({ name }) => name);
}
