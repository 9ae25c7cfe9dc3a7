import type { TablePlan } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { SqliteColumn } from './column-types.ts';
import { indexesOf } from './create-table.ts';

/**
 * Asks SQLite itself what a table looks like and compares it with what was declared, before the transaction is
 * committed. Returns the differences, none when the structure is as declared.
 */
export async function structureDifferences(
  session: Session,
  table: TablePlan,
  columns: readonly SqliteColumn[],
): Promise<string[]> {
  const info = await pragma<{ name: string; type: string; pk: string }>(session, 'table_info', table.name);
  const keys = await pragma<{ from: string; table: string; to: string }>(session, 'foreign_key_list', table.name);
  const indexes = await pragma<{ name: string }>(session, 'index_list', table.name);
  const differences = [
    ...compare(
      'columns',
      columns.map(({ name, type }) => `${name} ${type}`),
      info.map(({ name, type }) => `${name} ${type}`),
    ),
    ...compare(
      'primary key',
      table.key,
      info
        .filter(({ pk }) => Number(pk) > 0)
        .sort((a, b) => Number(a.pk) - Number(b.pk))
        .map(({ name }) => name),
    ),
    ...compare(
      'foreign keys',
      table.references.map(({ column, table: other, to }) => `${column} → ${other}.${to}`).sort(),
      keys.map(({ from, table: other, to }) => `${from} → ${other}.${to}`).sort(),
    ),
    ...compare(
      'indexes',
      indexesOf(table)
        .map(({ name }) => name)
        .sort(),
      indexes
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('sqlite_autoindex_'))
        .sort(),
    ),
  ];
  return differences.map((difference) => `${table.name}: ${difference}`);
}

/** `table` or `view`, whatever stands under a name; SQLite's names do not differ by case alone. */
export async function kindOf(session: Session, name: string): Promise<string | undefined> {
  const statement = `SELECT type FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(${literal(name)})`;
  const [row] = await session.rows<{ type: string }>(
    `SELECT * FROM sqlite_query('destination', ${literal(statement)})`,
  );
  return row?.type;
}

async function pragma<Row>(session: Session, name: string, table: string): Promise<Row[]> {
  const statement = `SELECT * FROM pragma_${name}(${literal(table)})`;
  return session.rows<Row>(`SELECT * FROM sqlite_query('destination', ${literal(statement)})`);
}

function compare(what: string, declared: readonly string[], found: readonly string[]): string[] {
  const same = declared.length === found.length && declared.every((name, index) => name === found[index]);
  return same ? [] : [`${what}: declared ${declared.join(', ') || 'none'}; found ${found.join(', ') || 'none'}`];
}
