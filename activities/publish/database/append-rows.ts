import type { PublishedTable } from '../../../workflows/stages.ts';
import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { minus, rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import { allNew } from '../count-changes.ts';
import { notAccounted } from '../refusals.ts';
import type { TableThere } from './engine.ts';
import { entryOfLoad, isOurs } from './ledger.ts';
import { inOrder, makeTable } from './make-table.ts';
import { prepareTable } from './prepare-table.ts';
import type { Step } from './publish.ts';
import { enter, standing } from './standing.ts';

/** Adds the rows of a load, once: a load that the ledger knows since the table was last replaced adds nothing. */
export async function appendRows(step: Step): Promise<PublishedTable> {
  const { session, engine, request, load } = step;
  const { name } = load.table;
  const there = await engine.tableAt(session, name);
  if (!there) return enter(step, allNew(load.content.rows), await makeTable(step), true);
  const before = await entryOfLoad(session, request.destination.name, name, load.loadId);
  if (before) return standing(step, before);
  const fitted = { ...step, load: await prepareTable(step, there) };
  await insertRows(fitted, there, fitted.load.relation);
  return enter(fitted, allNew(load.content.rows), [], await isOurs(session, name));
}

/** Inserts rows and sees that they are there as they were given. */
async function insertRows(step: Step, there: TableThere, relation: string): Promise<void> {
  const { session, request, load } = step;
  const table = identifier(load.table.name);
  const columns = load.columns.map(({ name }) => name);
  const insert = `INSERT INTO ${table} (${identifiers(columns)}) SELECT ${identifiers(columns)} FROM ${inOrder(step, relation)}`;
  const isRowId = there.columns.some(({ name }) => name.toLowerCase() === 'rowid');
  let written: RowsDigest;
  if (there.grows && !isRowId) {
    const last = await session.rows<{ last: string | null }>(`SELECT max(rowid) AS last FROM ${table}`);
    await session.run(insert);
    written = await rowsDigest(session, `${table} WHERE rowid > ${last[0]?.last ?? '-1'}`, columns);
  } else {
    const before = await rowsDigest(session, table, columns);
    await session.run(insert);
    written = minus(await rowsDigest(session, table, columns), before);
  }
  if (written.digest !== load.content.digest || written.rows !== load.content.rows)
    throw notAccounted(request, load.table.name, written.rows, load.content.rows);
}
