import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';
import { boundedName } from './bounded-name.ts';
import type { DatabaseEngine, TableThere } from './engine.ts';

/** A table's structure, as far as an engine declares it for that many rows. */
export type Structure = Pick<TablePlan, 'name' | 'key' | 'references' | 'indexes'>;

export function structureOf(engine: DatabaseEngine, table: TablePlan, rows: number): Structure {
  const indexed = engine.indexedRows > 0 && rows <= engine.indexedRows;
  return {
    name: table.name,
    key: indexed ? table.key : [],
    references: engine.foreignKeys ? table.references : [],
    indexes: indexed ? [...referenceIndexes(engine, table), ...table.indexes] : [],
  };
}

/** A foreign key is looked up from both sides. */
function referenceIndexes(engine: DatabaseEngine, { references }: TablePlan): (readonly string[])[] {
  return engine.foreignKeys ? references.map(({ column }) => [column]) : [];
}

/** The table with its primary and foreign keys; `required`: columns that are never NULL. */
export function createTable(
  { name: table, key, references }: Structure,
  columns: readonly LoadColumn[],
  required: readonly string[],
): string {
  const lines = [
    ...columns.map(({ name, type }) => `${identifier(name)} ${type}${required.includes(name) ? ' NOT NULL' : ''}`),
    ...(key.length > 0 ? [`PRIMARY KEY (${identifiers(key)})`] : []),
    ...references.map(
      ({ column, table: other, to }) =>
        `FOREIGN KEY (${identifier(column)}) REFERENCES ${identifier(other)} (${identifier(to)})`,
    ),
  ];
  return `CREATE TABLE ${identifier(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** One index per reference and one per declared index; cheaper to make once the rows are there. */
export function createIndexes(structure: Structure): string[] {
  return indexesOf(structure).map(
    ({ name, columns }) =>
      `CREATE INDEX ${identifier(name)} ON ${identifier(structure.name)} (${identifiers(columns)})`,
  );
}

/** The indexes of a table by their names, which are the same whenever the table is made, and fit wherever names are cut off. */
export function indexesOf({ name: table, indexes }: Pick<Structure, 'name' | 'indexes'>): {
  name: string;
  columns: readonly string[];
}[] {
  const byName = new Map(indexes.map((columns) => [boundedName([table, ...columns].join('_')), columns]));
  return [...byName].map(([name, columns]) => ({ name, columns }));
}

/** Where a table is not as declared, as the database itself describes it; none when it is. */
export function structureDifferences(
  structure: Structure,
  columns: readonly LoadColumn[],
  there: TableThere | undefined,
): string[] {
  const reference = ({ column, table, to }: { column: string; table: string; to: string }): string =>
    `${column} → ${table}.${to}`;
  const differences = [
    ...compare(
      'columns',
      columns.map(({ name, type }) => `${name} ${type}`),
      (there?.columns ?? []).map(({ name, declared }) => `${name} ${declared}`),
    ),
    ...compare('primary key', structure.key, there?.key ?? []),
    ...compare(
      'foreign keys',
      structure.references.map(reference).sort(),
      (there?.references ?? []).map(reference).sort(),
    ),
    ...compare(
      'indexes',
      indexesOf(structure)
        .map(({ name }) => name)
        .sort(),
      [...(there?.indexes ?? [])].sort(),
    ),
  ];
  return differences.map((difference) => `${structure.name}: ${difference}`);
}

function compare(what: string, declared: readonly string[], found: readonly string[]): string[] {
  const same = declared.length === found.length && declared.every((name, index) => name === found[index]);
  return same ? [] : [`${what}: declared ${declared.join(', ') || 'none'}; found ${found.join(', ') || 'none'}`];
}
