import type { DestinationKind, DestinationPlace, TablePlan } from '../../../workflows/definition/index.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { databasePlace } from '../database/database-place.ts';
import type { DatabaseEngine } from '../database/engine.ts';
import { entriesOf, type LoadRecord } from '../database/ledger.ts';
import { DATABASE_ENGINES } from '../engines.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { filesOf } from '../parquet/layout.ts';
import { readLedgers, withoutLedger } from '../parquet/ledger.ts';
import { parquetColumn } from '../parquet/publish.ts';
import { columnsOf, rowsOf } from '../parquet/rows-of.ts';
import type { ColumnMapping } from '../staged-load.ts';

/** A published table as a reader finds it. */
export interface PublishedRows {
  /** As SQL reads it; absent where there is no such table. */
  readonly relation?: string;
  readonly columns: readonly ThereColumn[];
  /** The loads that its ledger knows, in their order. */
  readonly loads: readonly LoadRecord[];
  readonly mapping: ColumnMapping;
  /** Files of the table that somebody else has written. */
  readonly foreign: readonly string[];
}

const ENGINES: Readonly<Partial<Record<DestinationKind, DatabaseEngine>>> = DATABASE_ENGINES;

/**
 * Opens a destination to be read only, and finds a table of it.
 *
 * @param variables the settings in which connections are looked up
 */
export async function publishedRows(
  session: Session,
  place: DestinationPlace,
  table: TablePlan,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PublishedRows> {
  const engine = ENGINES[place.kind];
  return engine ? inDatabase(session, engine, place, table, variables) : inFiles(session, place, table);
}

/** The words of an engine for what went wrong there. */
export function readingProblem(error: unknown, { kind, path }: DestinationPlace): unknown {
  return ENGINES[kind]?.problem(error, path) ?? error;
}

async function inDatabase(
  session: Session,
  engine: DatabaseEngine,
  place: DestinationPlace,
  { name }: TablePlan,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PublishedRows> {
  await engine.open(session, databasePlace(place, variables), 'read');
  const loads = await entriesOf(session, engine, name);
  const there = await engine.tableAt(session, name);
  const found = { columns: there?.columns ?? [], loads, mapping: engine.column, foreign: [] };
  return there ? { ...found, relation: identifier(name) } : found;
}

async function inFiles(session: Session, { path }: DestinationPlace, table: TablePlan): Promise<PublishedRows> {
  const files = await filesOf(path, table.name);
  const foreign = await withoutLedger(session, files);
  const own = files.filter((file) => !foreign.includes(file));
  const ledger = (await readLedgers(session, own)) ?? [];
  const partitions = ledger.at(-1)?.partitions ?? [];
  const loads = ledger.map(({ loadId, runId, pipeline, mode, requestedAt }) => ({
    ...{ loadId, runId, pipeline, mode, requestedAt },
    made: true,
  }));
  const found = { loads: distinctLoads(loads), mapping: parquetColumn, foreign };
  if (files.length === 0) return { ...found, columns: [] };
  const relation = rowsOf(files, partitions);
  return { ...found, relation, columns: await columnsOf(session, relation) };
}

/** Every file of a load carries its entry. */
function distinctLoads(loads: readonly LoadRecord[]): LoadRecord[] {
  return [...new Map(loads.map((load) => [`${load.runId} ${load.loadId}`, load])).values()];
}
