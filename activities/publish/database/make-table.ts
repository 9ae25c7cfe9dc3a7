import { identifier } from '../../duckdb/identifiers.ts';
import { rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import { notAccounted } from '../refusals.ts';
import { extended, type LoadColumn } from '../staged-load.ts';
import { createIndexes, createTable, structureDifferences, structureOf } from './create-table.ts';
import type { Making, TableThere } from './engine.ts';
import type { Step } from './publish.ts';

/**
 * Makes the table of a load and fills it, in the place of one that is there. Returns the differences between what was
 * declared and what is there.
 *
 * @param own columns that the mode keeps beside those of the load
 */
export async function makeTable(
  step: Step,
  there: TableThere | undefined,
  own: readonly LoadColumn[] = [],
  ownKey: readonly string[] = [],
): Promise<string[]> {
  const { session, engine, load } = step;
  const whole = own.length === 0 ? load : await extended(session, load, own);
  const { table, columns, content } = whole;
  const key = [...table.key, ...ownKey];
  const structure = structureOf(engine, { ...table, key }, content.rows);
  const rows = inOrder(step, whole.relation);
  await engine.make(session, { load: whole, structure, required: key, rows, there });
  await requireWritten(step);
  return structureDifferences(structure, columns, await engine.tableAt(session, table.name));
}

/** Drops what is there, and makes and fills the table: for engines whose readers see nothing of it before the commit. */
export async function makeInPlace(session: Session, making: Making): Promise<void> {
  const { load, structure, required, rows, there } = making;
  if (there) await session.run(`DROP TABLE ${identifier(load.table.name)}`);
  await session.run(createTable(structure, load.columns, required));
  await session.run(`INSERT INTO ${identifier(load.table.name)} SELECT * FROM ${rows}`);
  for (const statement of createIndexes(structure)) await session.run(statement);
}

/** A file's rows keep their order; a model's have none, and are sorted so that neighbours lie together. */
export function inOrder({ load }: Pick<Step, 'load'>, relation: string): string {
  return load.table.from === 'source' ? relation : `${relation} ORDER BY ALL`;
}

/** What was written of a load is what was given: every value where that can be read back at little cost, else every row. */
async function requireWritten(step: Step): Promise<void> {
  const { session, engine, request, load } = step;
  const { rows, digest } = load.content;
  const { name } = load.table;
  if (rows > engine.readBackRows) {
    const there = await engine.rowCount(session, name);
    if (there !== rows) throw notAccounted(request, name, there, rows);
    return;
  }
  const written = await writtenDigest(step);
  if (written.digest !== digest || written.rows !== rows) throw notAccounted(request, name, written.rows, rows);
}

/** Of all rows that the table of a load holds, by the load's columns. */
export function writtenDigest({ session, load }: Step): Promise<RowsDigest> {
  return rowsDigest(
    session,
    identifier(load.table.name),
    load.columns.map(({ name }) => name),
  );
}
