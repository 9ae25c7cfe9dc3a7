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
  for (const source of sources) await view(session, `source.${identifier(source.name)}`, lake.readable(source.uri));
  for (const table of tables) await view(session, identifier(table.name), lake.readable(table.uri));
}

async function view(session: Session, name: string, path: string): Promise<void> {
  await session.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${literal(path)})`);
}
