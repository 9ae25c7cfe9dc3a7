import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { SqliteColumn } from './column-types.ts';

/** The table with its primary and foreign keys. */
export function createTable(table: TablePlan, columns: readonly SqliteColumn[]): string {
  const lines = [
    ...columns.map(({ name, type }) => `${identifier(name)} ${type}${table.key.includes(name) ? ' NOT NULL' : ''}`),
    `PRIMARY KEY (${identifiers(table.key)})`,
    ...table.references.map(
      ({ column, table: other, to }) =>
        `FOREIGN KEY (${identifier(column)}) REFERENCES ${identifier(other)} (${identifier(to)})`,
    ),
  ];
  return `CREATE TABLE ${identifier(table.name)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** One index per reference and one per declared index; cheaper to make once the rows are there. */
export function createIndexes(table: TablePlan): string[] {
  return indexesOf(table).map(
    ({ name, columns }) => `CREATE INDEX ${identifier(name)} ON ${identifier(table.name)} (${identifiers(columns)})`,
  );
}

export function indexesOf(table: TablePlan): { name: string; columns: readonly string[] }[] {
  const wanted = [...table.references.map(({ column }) => [column]), ...table.indexes];
  const byName = new Map(wanted.map((columns) => [[table.name, ...columns].join('_'), columns]));
  return [...byName].map(([name, columns]) => ({ name, columns }));
}
