import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { temporary } from '../scratch-names.ts';
import { createIndexes, createTable } from './create-table.ts';
import type { Restructuring } from './engine.ts';

/** Gives a table columns, and where it must writes it anew with wider types, for engines that cannot change a type in its place. */
export async function restructureByRebuild(session: Session, change: Restructuring): Promise<string[]> {
  const table = identifier(change.structure.name);
  const added = change.added.map(({ name, type }) => `ALTER TABLE ${table} ADD COLUMN ${identifier(name)} ${type}`);
  for (const statement of added) await session.run(statement);
  if (change.widened.length > 0 || change.reindexed) await rebuild(session, change);
  const widened = change.widened.map(
    ({ name, type }) => `ALTER TABLE ${table} ALTER COLUMN ${identifier(name)} TYPE ${type}`,
  );
  return [...added, ...widened];
}

/** The rows are set aside, the table is made again, and they are put back. */
async function rebuild(session: Session, { structure, there, added, widened }: Restructuring): Promise<void> {
  const table = identifier(structure.name);
  const aside = temporary('aside', structure.name);
  const before = [
    ...there.columns.map(({ name, declared }) => ({ name, type: declared })),
    ...added.map(({ name, type }) => ({ name, type })),
  ];
  const columns = before.map(({ name, type }) => ({
    name,
    type: widened.find((column) => column.name === name)?.type ?? type,
    expression: identifier(name),
  }));
  const cells = columns.map(({ name, type }) =>
    widened.some((column) => column.name === name)
      ? `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`
      : identifier(name),
  );
  await session.run(`CREATE OR REPLACE TEMP TABLE ${aside} AS SELECT ${cells.join(', ')} FROM ${table}`);
  await session.run(`DROP TABLE ${table}`);
  await session.run(createTable(structure, columns, there.key));
  const names = identifiers(columns.map(({ name }) => name));
  await session.run(`INSERT INTO ${table} (${names}) SELECT ${names} FROM ${aside}`);
  await session.run(`DROP TABLE ${aside}`);
  for (const statement of createIndexes(structure)) await session.run(statement);
}
