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
  for (const source of sources) await view(session, `source.${identifier(source.name)}`, stagedRows(lake, source));
  for (const table of tables) await view(session, identifier(table.name), stagedRows(lake, table));
}

/**
 * The rows of a staged table, as SQL reads them: the union of its files by the names of their columns. A folder named
 * `year=2024` on the way to the lake must not become a column.
 */
export function stagedRows(lake: Lake, { uris }: Pick<StagedTable, 'uris'>): string {
  const files = uris.map((uri) => literal(lake.readable(uri)));
  return `read_parquet([${files.join(', ')}], union_by_name = true, hive_partitioning = false)`;
}

async function view(session: Session, name: string, rows: string): Promise<void> {
  await session.run(`CREATE VIEW ${name} AS SELECT * FROM ${rows}`);
}
