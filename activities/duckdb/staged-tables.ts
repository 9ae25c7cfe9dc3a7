import type { StagedTable } from '../../workflows/stages.ts';
import type { Lake } from '../lake/lake.ts';
import { identifier, literal } from './identifiers.ts';
import type { Session } from './session.ts';

/** Gives staged Parquet its names: sources as `source.<name>`, tables by their own. */
export async function attachTables(
  session: Session,
  lake: Lake,
  sources: readonly StagedTable[],
  tables: readonly StagedTable[],
): Promise<void> {
  await session.run('CREATE SCHEMA IF NOT EXISTS source');
  const named = [
    ...sources.map((source) => ({ ...source, name: `source.${identifier(source.name)}` })),
    ...tables.map((table) => ({ ...table, name: identifier(table.name) })),
  ];
  const rows = await Promise.all(named.map((table) => stagedRows(lake, table)));
  for (const [index, { name }] of named.entries()) await view(session, name, rows[index] ?? '');
}

/**
 * The rows of a staged table, as SQL reads them: the union of its files by the names of their columns. A folder named
 * `year=2024` on the way to the lake must not become a column.
 */
export async function stagedRows(lake: Lake, { uris }: Pick<StagedTable, 'uris'>): Promise<string> {
  const files = await Promise.all(uris.map((uri) => lake.local(uri)));
  return `read_parquet([${files.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}

async function view(session: Session, name: string, rows: string): Promise<void> {
  await session.run(`CREATE VIEW ${name} AS SELECT * FROM ${rows}`);
}
