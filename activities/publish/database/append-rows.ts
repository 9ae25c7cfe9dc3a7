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
  const changes = allNew(load.content.rows);
  const there = await engine.tableAt(session, name);
  if (!there) return enter(step, { changes, differences: await makeTable(step, there), made: true });
  const before = await entryOfLoad(session, request.destination.name, name, load.loadId);
  if (before) return standing(step, before);
  const { load: fitted, ddl } = await prepareTable(step, there);
  await insertRows({ ...step, load: fitted }, there);
  return enter({ ...step, load: fitted }, { changes, ddl, made: await isOurs(session, name) });
}

/** Inserts rows and sees that they are there as they were given. */
async function insertRows(step: Step, there: TableThere): Promise<void> {
  const { request, load } = step;
  const written = await insertAndRead(step, there);
  const isSame = written.digest === undefined || written.digest === load.content.digest;
  if (isSame && written.rows === load.content.rows) return;
  throw notAccounted(request, load.table.name, written.rows, load.content.rows);
}

/** What was written: its digest where reading it back costs little, else how many rows the engine took. */
async function insertAndRead(
  step: Step,
  there: TableThere,
): Promise<{ readonly rows: number; readonly digest?: string }> {
  const { session, engine, load } = step;
  const table = identifier(load.table.name);
  const columns = load.columns.map(({ name }) => name);
  const list = identifiers(columns);
  const insert = `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${inOrder(step, load.relation)}`;
  const isRowId = there.columns.some(({ name }) => name.toLowerCase() === 'rowid');
  if (there.grows && !isRowId && load.content.rows <= engine.readBackRows) {
    const [before] = await session.rows<{ last: string | null }>(`SELECT max(rowid) AS last FROM ${table}`);
    await session.run(insert);
    return rowsDigest(session, `${table} WHERE rowid > ${before?.last ?? '-1'}`, columns);
  }
  const standing = await engine.rowCount(session, load.table.name);
  const isKept = there.triggers.length === 0;
  if (isKept && standing + load.content.rows > engine.readBackRows) return { rows: await session.count(insert) };
  const before: RowsDigest = await rowsDigest(session, table, columns);
  await session.run(insert);
  return minus(await rowsDigest(session, table, columns), before);
}
