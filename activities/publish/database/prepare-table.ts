import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { fitColumns } from '../fit-columns.ts';
import { mismatch, notOurs } from '../refusals.ts';
import { refit, temporary, type Load } from '../staged-load.ts';
import type { TableThere } from './engine.ts';
import { isOurs } from './ledger.ts';
import type { Step } from './publish.ts';

/**
 * Makes a load and the table that is there fit for each other: values go in only where they come back the same, and a
 * table of ours gains the columns it lacks. Nothing there is dropped. Returns the load as it goes in.
 */
export async function prepareTable(step: Step, there: TableThere): Promise<Load> {
  const { session, request, load } = step;
  const { name } = load.table;
  if (there.kind !== 'table') {
    throw notOurs(
      request,
      `The database holds a ${there.kind} "${name}" that Acequia did not make.`,
      'Rows are added to tables only.',
      'publish to another table',
    );
  }
  const ours = await isOurs(session, name);
  const fit = await fitColumns(session, temporary('staged', name), load.staged, load.columns, there.columns);
  const unknown = ours
    ? []
    : fit.added.map((column) => `${column.name}: the table has no such column, and Acequia did not make it`);
  if (fit.problems.length + unknown.length > 0) throw mismatch(request, name, ours, [...fit.problems, ...unknown]);
  if (ours) await dropBigKey(step, there);
  for (const { name: column, type } of fit.added)
    await session.run(`ALTER TABLE ${identifier(name)} ADD COLUMN ${identifier(column)} ${type}`);
  // A key is written as the table writes it, which may be in other letters.
  const key = load.table.key.map((column) => there.columns.find((other) => same(other.name, column))?.name ?? column);
  return refit(session, { ...load, table: { ...load.table, key } }, fit.columns);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A table that outgrows what its engine can index is written anew without its primary key. */
async function dropBigKey({ session, engine, load }: Step, there: TableThere): Promise<void> {
  const table = identifier(load.table.name);
  if (there.key.length + there.indexes.length === 0) return;
  const before = await session.count(`SELECT count(*) FROM ${table}`);
  if (before + load.content.rows <= engine.indexedRows) return;
  const aside = identifier(`acequia aside ${load.table.name}`);
  const columns = there.columns.map(
    ({ name, declared }) => `${identifier(name)} ${declared}${there.key.includes(name) ? ' NOT NULL' : ''}`,
  );
  await session.run(`CREATE TABLE ${aside} (${columns.join(', ')})`);
  await session.run(`INSERT INTO ${aside} SELECT ${identifiers(there.columns.map(({ name }) => name))} FROM ${table}`);
  await session.run(`DROP TABLE ${table}`);
  await session.run(`ALTER TABLE ${aside} RENAME TO ${table}`);
}
