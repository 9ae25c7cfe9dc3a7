import { fitColumns } from '../fit-columns.ts';
import { ownColumns } from '../modes/own-columns.ts';
import { mismatch } from '../refusals.ts';
import { temporary } from '../scratch-names.ts';
import { holdAny, refit, type Load, type LoadColumn } from '../staged-load.ts';
import { structureOf } from './create-table.ts';
import type { Restructuring, TableThere } from './engine.ts';
import { isOurs } from './ledger.ts';
import { requireTable } from './other-table.ts';
import { requireExact } from './require-exact.ts';
import type { Step } from './publish.ts';

export interface Prepared {
  /** As it goes in. */
  readonly load: Load;
  /** Statements that changed the structure of the table. */
  readonly ddl: readonly string[];
}

/**
 * Makes a load and the table that is there fit for each other: values go in only where they come back the same; a table
 * of ours gains the columns it lacks, and a column becomes wider where it must. Nothing there is dropped.
 *
 * @param own columns that the mode keeps in the table, which it gains where it may lack them
 */
export async function prepareTable(step: Step, there: TableThere, own: readonly LoadColumn[] = []): Promise<Prepared> {
  const { session, engine, request, load } = step;
  const { name } = load.table;
  requireTable(request, name, there);
  const ours = await isOurs(session, name);
  const evolves = ours && load.table.freeze !== true;
  const hold = (column: string, type: string): LoadColumn => holdAny(engine.column(column, type));
  const fit = await fitColumns(
    session,
    temporary('staged', name),
    load.staged,
    load.columns,
    there.columns,
    evolves ? hold : undefined,
  );
  const lacking = own.filter((column) => !there.columns.some((other) => same(other.name, column.name)));
  const added = [...fit.added, ...lacking];
  const refused = evolves ? [] : added.map(({ name: column }) => notAdded(column, ours));
  const versionless = lacking.length === 0 ? missingOwn(load, there, own) : [];
  const problems = [...fit.problems, ...refused, ...versionless];
  if (problems.length > 0) throw mismatch(request, name, ours, problems);
  const ddl = await restructure(step, there, ours, { added, widened: fit.widened });
  // Columns are written as the table writes them, which may be in other letters.
  const spelled = (columns: readonly string[]): string[] =>
    columns.map((column) => there.columns.find((other) => same(other.name, column))?.name ?? column);
  const { key, keepLatestBy, partOf } = load.table;
  const table = {
    ...load.table,
    key: spelled(key),
    ...(keepLatestBy ? { keepLatestBy: spelled(keepLatestBy) } : {}),
    ...(partOf ? { partOf: spelled(partOf) } : {}),
  };
  const fitted = await refit(session, { ...load, table }, fit.columns);
  await requireExact({ ...step, load: fitted }, there, ours);
  return { load: fitted, ddl };
}

/** A table of ours that outgrows what its engine can index loses its indexes, too. */
async function restructure(
  { session, engine, load }: Step,
  there: TableThere,
  ours: boolean,
  change: Pick<Restructuring, 'added' | 'widened'>,
): Promise<string[]> {
  const isIndexed = ours && there.key.length + there.indexes.length > 0 && engine.indexedRows < Infinity;
  const rows = isIndexed ? (await engine.rowCount(session, load.table.name)) + load.content.rows : 0;
  const reindexed = rows > engine.indexedRows;
  if (change.added.length + change.widened.length === 0 && !reindexed) return [];
  const structure = structureOf(engine, { ...load.table, key: there.key }, rows);
  return engine.restructure(session, { ...change, structure, there, reindexed });
}

function notAdded(column: string, ours: boolean): string {
  return ours
    ? `${column}: the table has no such column, and its structure is frozen`
    : `${column}: the table has no such column, and Acequia did not make it`;
}

/** A table whose rows have no versions was loaded in another mode before. */
function missingOwn(load: Load, there: TableThere, own: readonly LoadColumn[]): string[] {
  return ownColumns(load.table)
    .filter((column) => !own.some(({ name }) => name === column))
    .filter((column) => !there.columns.some(({ name }) => same(name, column)))
    .map((column) => `${column}: the table has no such column; it was not made by ${load.mode}`);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
