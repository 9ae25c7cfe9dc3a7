import type { PublishedTable } from '../../../workflows/stages.ts';
import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import { allNew, differ, type Changes } from '../count-changes.ts';
import { mismatch, notAccounted, superseded } from '../refusals.ts';
import { temporary } from '../staged-load.ts';
import { isOurs, latestEntry } from './ledger.ts';
import { inOrder, makeTable } from './make-table.ts';
import { prepareTable } from './prepare-table.ts';
import type { Step } from './publish.ts';
import { enter, standing } from './standing.ts';

/** Rows whose key is new are added, those whose values differ updated, all others left alone. */
export async function mergeRows(step: Step): Promise<PublishedTable> {
  const { session, engine, request, load } = step;
  const { name } = load.table;
  const own = await latestEntry(session, request.destination.name, name, request.run.pipeline);
  if (own && own.requestedAt > request.requestedAt) throw superseded(request, name, own.requestedAt);
  const there = await engine.tableAt(session, name);
  if (!there) return enter(step, allNew(load.content.rows), await makeTable(step), true);
  const fitted = { ...step, load: await prepareTable(step, there) };
  await requireOneEach(fitted);
  const latest = await latestEntry(session, request.destination.name, name);
  const known = latest?.loadId === load.loadId ? latest : undefined;
  const changes = await merge(fitted);
  await requireMerged(fitted);
  if (known && changes.inserted + changes.updated === 0) return standing(fitted, known);
  return enter(fitted, changes, [], await isOurs(session, name));
}

async function merge(step: Step): Promise<Changes> {
  const { session, load } = step;
  const table = identifier(load.table.name);
  const key = identifiers(load.table.key);
  const columns = load.columns.map(({ name }) => name);
  const [changed, added] = [temporary('changed', load.table.name), temporary('added', load.table.name)];
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${changed} AS SELECT load.* FROM ${load.relation} AS load JOIN ${table} AS there USING (${key})
     WHERE ${differ(load, 'load', 'there')}`,
  );
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${added} AS SELECT load.* FROM ${load.relation} AS load ANTI JOIN ${table} AS there USING (${key})`,
  );
  const updated = await session.count(`SELECT count(*) FROM ${changed}`);
  const inserted = await session.count(`SELECT count(*) FROM ${added}`);
  const others = columns.filter((name) => !load.table.key.includes(name));
  if (updated > 0) {
    const set = others.map((name) => `${identifier(name)} = changed.${identifier(name)}`).join(', ');
    const same = load.table.key.map((name) => `there.${identifier(name)} = changed.${identifier(name)}`).join(' AND ');
    await session.run(`UPDATE ${table} AS there SET ${set} FROM ${changed} AS changed WHERE ${same}`);
  }
  const list = identifiers(columns);
  if (inserted > 0) await session.run(`INSERT INTO ${table} (${list}) SELECT ${list} FROM ${inOrder(step, added)}`);
  return { inserted, updated, unchanged: load.content.rows - inserted - updated, removed: 0 };
}

/** In a table of somebody else the key may stand in several rows; which of them is meant nobody knows. */
async function requireOneEach({ session, request, load }: Step): Promise<void> {
  const key = identifiers(load.table.key);
  const repeated = await session.count(
    `SELECT count(*) FROM (SELECT ${key} FROM ${identifier(load.table.name)} SEMI JOIN ${load.relation} USING (${key}) GROUP BY ALL HAVING count(*) > 1)`,
  );
  if (repeated > 0)
    throw mismatch(request, load.table.name, false, [
      `${repeated} keys of the load (${load.table.key.join(', ')}) stand in several rows of the table`,
    ]);
}

async function requireMerged({ session, request, load }: Step): Promise<void> {
  const written: RowsDigest = await rowsDigest(
    session,
    `${identifier(load.table.name)} SEMI JOIN ${load.relation} USING (${identifiers(load.table.key)})`,
    load.columns.map(({ name }) => name),
  );
  if (written.digest !== load.content.digest || written.rows !== load.content.rows)
    throw notAccounted(request, load.table.name, written.rows, load.content.rows);
}
