import type { DestinationPlace } from '../../workflows/definition/index.ts';
import type { StandingTables } from '../../workflows/stages.ts';
import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { databasePlace } from './database/database-place.ts';
import { databaseEngine } from './engines.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { filesOf } from './parquet/layout.ts';
import { readLedgers } from './parquet/ledger.ts';
import { columnsOf, rowsOf } from './parquet/rows-of.ts';

/** A table as it stands at its destination. */
export interface StandingTable {
  /** As SQL of the session reads it. */
  readonly relation: string;
  readonly columns: readonly string[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Gives `use` the tables of a destination as they stand there, for as long as it needs them: those that are there, by name.
 * Nothing is written, and nobody of this process publishes there meanwhile.
 *
 * @param session keeps its own tables as its default
 */
export async function withStandingTables<Result>(
  session: Session,
  { place, tables }: StandingTables,
  { variables, signal }: { readonly variables: Variables; readonly signal: AbortSignal },
  use: (standing: ReadonlyMap<string, StandingTable>) => Promise<Result>,
): Promise<Result> {
  const names = tables.map(({ name }) => name);
  return oneAtATime(place.path, signal, async () =>
    use(
      place.kind === 'parquet'
        ? await inFiles(session, place.path, names)
        : await inDatabase(session, place, names, variables),
    ),
  );
}

/** Opens a database to be read; `false` where there is none yet. */
export async function openToRead(session: Session, place: DestinationPlace, variables: Variables): Promise<boolean> {
  const engine = databaseEngine(place.kind);
  try {
    await engine.open(session, databasePlace(place, variables), 'read');
    return true;
  } catch (error) {
    const problem = engine.problem(error, place.path);
    if (problem instanceof AcequiaError && problem.type === 'DestinationMissing') return false;
    throw problem;
  }
}

async function inDatabase(
  session: Session,
  place: DestinationPlace,
  names: readonly string[],
  variables: Variables,
): Promise<Map<string, StandingTable>> {
  const found = new Map<string, StandingTable>();
  if (!(await openToRead(session, place, variables))) return found;
  const engine = databaseEngine(place.kind);
  const [at] = await session.rows<{ schema: string }>('SELECT current_schema() AS schema');
  for (const name of names) {
    const there = await engine.tableAt(session, name);
    if (!there) continue;
    const relation = ['destination', at?.schema ?? 'main', name].map(identifier).join('.');
    found.set(name, { relation, columns: there.columns.map((column) => column.name) });
  }
  await session.run('USE memory');
  return found;
}

async function inFiles(session: Session, path: string, names: readonly string[]): Promise<Map<string, StandingTable>> {
  const found = new Map<string, StandingTable>();
  for (const name of names) {
    const files = await filesOf(path, name);
    if (files.length === 0) continue;
    const ledger = (await readLedgers(session, files)) ?? [];
    const relation = rowsOf(files, ledger.at(-1)?.partitions ?? []);
    const columns = await columnsOf(session, relation);
    found.set(name, { relation, columns: columns.map((column) => column.name) });
  }
  return found;
}
