import type { PublishedTable } from '../../../workflows/stages.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { allNew, countChanges } from '../count-changes.ts';
import { superseded } from '../refusals.ts';
import { structureDifferences, structureOf } from './create-table.ts';
import type { TableThere } from './engine.ts';
import { isOurs, latestEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-row.ts';
import type { LoadColumn } from '../staged-load.ts';
import { notMadeByUs, requireTable } from './other-table.ts';
import { makeTable, writtenDigest } from './make-table.ts';
import type { Step } from './publish.ts';
import { enter, standing } from './standing.ts';

/** The load becomes the table. A table that holds it already, as its latest ledger entry says and its rows show, is left as it is. */
export async function replaceTable(step: Step): Promise<PublishedTable> {
  const { session, engine, request, load } = step;
  const { name } = load.table;
  const there = await engine.tableAt(session, name);
  const latest = await latestEntry(session, request.destination.name, name);
  if (latest && latest.requestedAt > request.requestedAt) throw superseded(request, name, latest.requestedAt);
  if (there) requireTable(request, name, there);
  if (there && !(await isOurs(session, name))) throw notMadeByUs(request, name, there);
  if (latest && (await isThere(step, latest, there))) return standing(step, latest);
  const changes = there
    ? await countChanges(session, load, { relation: identifier(name), columns: there.columns })
    : allNew(load.content.rows);
  const ddl = there ? replacedColumns(name, there, load.columns) : [];
  return enter(step, { changes, differences: await makeTable(step, there), made: true, ddl });
}

/** What a replaced table has otherwise than before, as the statements that would say so. */
function replacedColumns(table: string, there: TableThere, columns: readonly LoadColumn[]): string[] {
  const alter = `ALTER TABLE ${identifier(table)}`;
  const found = (all: readonly { name: string; type: string }[], name: string) =>
    all.find((column) => column.name === name);
  return [
    ...there.columns
      .filter(({ name }) => !found(columns, name))
      .map(({ name }) => `${alter} DROP COLUMN ${identifier(name)}`),
    ...columns.flatMap(({ name, type }) => {
      const before = found(there.columns, name);
      if (!before) return [`${alter} ADD COLUMN ${identifier(name)} ${type}`];
      return before.type === type ? [] : [`${alter} ALTER COLUMN ${identifier(name)} TYPE ${type}`];
    }),
  ];
}

async function isThere(step: Step, latest: LedgerEntry, there: TableThere | undefined): Promise<boolean> {
  const { engine, request, load } = step;
  if (latest.loadId !== load.loadId) return false;
  if (request.fullRefresh.includes(load.table.name) && latest.rootRunId !== request.run.rootRunId) return false;
  const structure = structureOf(engine, load.table, load.content.rows);
  if (structureDifferences(structure, load.columns, there).length > 0) return false;
  const written = await writtenDigest(step);
  return written.digest === load.content.digest && written.rows === load.content.rows;
}
