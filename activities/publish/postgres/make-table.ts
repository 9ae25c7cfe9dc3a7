import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Session } from '../../duckdb/session.ts';
import { indexesOf } from '../database/create-table.ts';
import type { Making } from '../database/engine.ts';
import { postgresType } from './column-types.ts';
import { attachments } from './attachments.ts';
import { carriedOver } from './carry-over.ts';
import { execute, forget } from './execute.ts';
import { scratchName } from './scratch-name.ts';

/**
 * Makes the table of a load and fills it. One that is there is swapped for it when it is whole, so that readers wait for a
 * moment only; its owner, grants and comments go with it. Where more hangs on the table (views, triggers, foreign keys of
 * others, publications), its rows are replaced and the table stays: readers see the old ones until the commit.
 */
export async function makeOrSwap(session: Session, making: Making): Promise<void> {
  const { name } = making.load.table;
  const fresh = identifier(scratchName('new', name));
  await execute(session, `DROP TABLE IF EXISTS ${fresh}`);
  if (making.there) await makeBeside(session, making, fresh);
  else {
    await fill(session, making, identifier(name));
    await complete(session, making, identifier(name));
  }
  await forget(session);
}

async function makeBeside(session: Session, making: Making, fresh: string): Promise<void> {
  const { name } = making.load.table;
  await fill(session, making, fresh);
  const attached = await attachments(session, name);
  if (attached.length > 0 && !isSame(making)) throw wouldBeLost(name, attached);
  if (attached.length > 0) await replaceRows(session, making, fresh);
  else {
    await complete(session, making, fresh, asScratch);
    await swap(session, making, fresh);
  }
}

async function fill(session: Session, making: Making, table: string): Promise<void> {
  const list = columnsOf(making);
  await execute(session, createStatement(making, table));
  await forget(session);
  await session.run(`INSERT INTO ${table} (${list}) SELECT ${list} FROM ${making.rows}`);
}

/** Keys and indexes are cheaper to make once the rows are there. */
async function complete(
  session: Session,
  { structure }: Making,
  table: string,
  named: (index: string) => string = (index) => index,
): Promise<void> {
  const { key } = structure;
  if (key.length > 0) await execute(session, `ALTER TABLE ${table} ADD PRIMARY KEY (${identifiers(key)})`);
  for (const { name, columns } of indexesOf(structure))
    await execute(session, `CREATE INDEX ${identifier(named(name))} ON ${table} (${identifiers(columns)})`);
  await execute(session, `ANALYZE ${table}`);
}

async function replaceRows(session: Session, making: Making, fresh: string): Promise<void> {
  const target = identifier(making.load.table.name);
  const list = columnsOf(making);
  await execute(session, `DELETE FROM ${target}; INSERT INTO ${target} (${list}) SELECT ${list} FROM ${fresh}`);
  await execute(session, `DROP TABLE ${fresh}`);
  await execute(session, `ANALYZE ${target}`);
}

/** From the moment on at which the old table goes nothing is done that takes longer for more rows: readers wait for it. */
async function swap(session: Session, { load, structure }: Making, fresh: string): Promise<void> {
  const { name } = load.table;
  const carried = await carriedOver(session, name, fresh);
  await execute(session, `DROP TABLE ${identifier(name)}`);
  for (const statement of carried) await execute(session, statement);
  await execute(session, `ALTER TABLE ${fresh} RENAME TO ${identifier(name)}`);
  for (const index of indexesOf(structure))
    await execute(session, `ALTER INDEX ${identifier(asScratch(index.name))} RENAME TO ${identifier(index.name)}`);
}

function asScratch(index: string): string {
  return scratchName('new', index);
}

function columnsOf({ load }: Making): string {
  return identifiers(load.columns.map(({ name }) => name));
}

function wouldBeLost(table: string, attached: readonly string[]): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `The structure of ${table} would change, and more hangs on the table that is there. Nothing was changed.`,
    where: table,
    why: attached.join(', '),
    remedy: 'drop these and make them again afterwards, or publish to another table',
  });
}

function createStatement({ load, required }: Making, table: string): string {
  const columns = load.columns.map(
    ({ name, type }) => `${identifier(name)} ${postgresType(type)}${required.includes(name) ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE ${table} (${columns.join(', ')})`;
}

function isSame({ load, there, structure }: Making): boolean {
  const text = (columns: readonly { name: string; type: string }[]): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]));
  const indexes = indexesOf(structure).map(({ name }) => name);
  return (
    there !== undefined &&
    there.inexact.length === 0 &&
    text(there.columns) === text(load.columns) &&
    JSON.stringify(there.key) === JSON.stringify(structure.key) &&
    JSON.stringify([...there.indexes].sort()) === JSON.stringify(indexes.sort())
  );
}
