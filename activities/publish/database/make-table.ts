import { identifier } from '../../duckdb/identifiers.ts';
import { rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import { notAccounted } from '../refusals.ts';
import { createIndexes, createTable, structureDifferences, structureOf } from './create-table.ts';
import type { Step } from './publish.ts';

/** Creates the table of a load and fills it. Returns the differences between what was declared and what is there. */
export async function makeTable(step: Step): Promise<string[]> {
  const { session, engine, request, load } = step;
  const { table, columns, relation, content } = load;
  const structure = structureOf(engine, table, content.rows);
  await session.run(createTable(structure, columns, table.key));
  await session.run(`INSERT INTO ${identifier(table.name)} SELECT * FROM ${inOrder(step, relation)}`);
  for (const statement of createIndexes(structure)) await session.run(statement);
  const written = await writtenDigest(step);
  if (written.digest !== content.digest || written.rows !== content.rows)
    throw notAccounted(request, table.name, written.rows, content.rows);
  return structureDifferences(structure, columns, await engine.tableAt(session, table.name));
}

/** A file's rows keep their order; a model's have none, and are sorted so that neighbours lie together. */
export function inOrder({ load }: Step, relation: string): string {
  return load.table.from === 'source' ? relation : `${relation} ORDER BY ALL`;
}

/** Of all rows that the table of a load holds. */
export function writtenDigest({ session, load }: Step): Promise<RowsDigest> {
  return rowsDigest(
    session,
    identifier(load.table.name),
    load.columns.map(({ name }) => name),
  );
}
