import type { PublishedTable } from '../../../workflows/stages.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { allNew, type Changes } from '../count-changes.ts';
import { changeByKey } from '../modes/change-by-key.ts';
import { ownCells, ownKey } from '../modes/own-cells.ts';
import { severalRows, superseded } from '../refusals.ts';
import { extended, holdAny, isText } from '../staged-load.ts';
import { repeatedKeys } from '../modes/merge.ts';
import type { Target } from '../modes/target.ts';
import type { TableThere } from './engine.ts';
import { isOurs, latestEntry } from './ledger.ts';
import { inOrder, makeTable } from './make-table.ts';
import { prepareTable } from './prepare-table.ts';
import type { Step } from './publish.ts';
import { enter, standing } from './standing.ts';

/** Loads a table in one of the modes that find rows by their key. A load that changes nothing leaves no trace. */
export async function loadByKey(step: Step): Promise<PublishedTable> {
  const { session, engine, request, load } = step;
  const { name } = load.table;
  const own = await latestEntry(session, request.destination.name, name, request.run.pipeline);
  if (own && own.requestedAt > request.requestedAt) throw superseded(request, name, own.requestedAt);
  const there = await engine.tableAt(session, name);
  const cells = ownCells(load.table, request.requestedAt, (column, type) => holdAny(engine.column(column, type)));
  if (!there) {
    const differences = await makeTable(step, there, cells, ownKey(load.table));
    return enter(step, { changes: allNew(load.content.rows), differences, made: true });
  }
  // Versions are added by the mode itself; a mark stands in every row.
  const marks = load.mode === 'scd2' ? [] : cells;
  const { load: fitted, ddl } = await prepareTable(step, there, marks);
  const ours = await isOurs(session, name);
  const marked = await extended(session, fitted, marks);
  const changes = await engine.bring(session, marked, async (relation) => {
    const target = targetOf({ ...step, load: marked }, relation, there);
    if (!ours) await requireOneEach({ ...step, load: fitted }, target);
    return changeByKey(target, request, fitted.table, fitted.content.rows);
  });
  const latest = await latestEntry(session, request.destination.name, name);
  const known = latest?.loadId === load.loadId ? latest : undefined;
  if (known && isNothing(changes)) return standing({ ...step, load: fitted }, known, changes);
  return enter({ ...step, load: fitted }, { changes, ddl, made: ours });
}

function targetOf(step: Step, relation: string, there: TableThere): Target {
  const { session, engine, load } = step;
  return {
    site: engine.site(session),
    name: load.table.name,
    table: identifier(load.table.name),
    load: relation,
    columns: load.columns.map(({ name }) => name),
    key: load.table.key,
    isUnique: [...load.table.key].sort().join('\0') === [...there.key].sort().join('\0'),
    asText: load.columns.flatMap(({ name, type }) => (engine.asText.includes(type) ? [name] : [])),
    texts: load.columns.flatMap(({ name, type }) => (isText(type) ? [name] : [])),
    inOrder: (rows) => inOrder(step, rows),
  };
}

/** In a table of somebody else the key may stand in several rows. */
async function requireOneEach({ request, load }: Step, target: Target): Promise<void> {
  const repeated = await repeatedKeys(target);
  if (repeated > 0) throw severalRows(request, load.table, repeated);
}

function isNothing({ inserted, updated, removed }: Changes): boolean {
  return inserted + updated + removed === 0;
}
