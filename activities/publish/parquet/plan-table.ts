import type { LoadMode } from '../../../workflows/definition/index.ts';
import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { allNew, countChanges } from '../count-changes.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { changeByKey } from '../modes/change-by-key.ts';
import { ownCells } from '../modes/own-cells.ts';
import { sessionSite } from '../modes/site.ts';
import { notOurs, superseded } from '../refusals.ts';
import { extended, type LoadColumn } from '../staged-load.ts';
import { fitFiles } from './fit-files.ts';
import { readLedgers, withoutLedger, type ParquetEntry } from './ledger.ts';
import { columnsOf, inOrder, names, reshaped, rowsOf } from './rows-of.ts';
import { account, entered, standing, type Step, type TableWriting } from './step.ts';

/** A load that meets files which are there. */
interface Meeting {
  readonly step: Step;
  readonly ledger: readonly ParquetEntry[];
  readonly relation: string;
  readonly columns: readonly ThereColumn[];
}

const BY_MODE: Readonly<Record<LoadMode, (meeting: Meeting) => Promise<TableWriting>>> = {
  replace,
  append: appendToFile,
  merge: changeFile,
  'delete-missing': changeFile,
  scd2: changeFile,
};

/** Decides what a load makes of the files that are there. Nothing is written yet. */
export async function planTable(step: Step): Promise<TableWriting> {
  const { session, request, layout, partitions } = step;
  const { there } = layout;
  if (there.length === 0) return firstLoad(step);
  const ledger = await readLedgers(session, there);
  const relation = rowsOf(there, partitions);
  const columns = await columnsOf(session, relation);
  if (layout.perLoad) return appendFile({ step, ledger: ledger ?? [], relation, columns }, ledger !== undefined);
  if (ledger) return BY_MODE[step.load.mode]({ step, ledger, relation, columns });
  const [file = ''] = await withoutLedger(session, there);
  throw notOurs(
    request,
    'There is a Parquet file that Acequia did not write.',
    `${file} carries no ledger, and would have to be written anew.`,
    'move that file away, or publish to another place; a folder takes further files beside those of others',
  );
}

async function firstLoad(step: Step): Promise<TableWriting> {
  const { session, load } = step;
  const marks = cellsOf(step);
  const whole = await extended(session, load, marks);
  const published = account(step, allNew(load.content.rows));
  return {
    published,
    write: {
      rows: inOrder(load, whole.relation),
      relation: whole.relation,
      columns: names(whole.columns),
      ...(marks.length === 0 ? { content: load.content } : {}),
      ledger: entered(step, published, []),
      replaces: [],
    },
  };
}

/** The load becomes the table, unless it is there already. */
async function replace({ step, ledger, relation, columns }: Meeting): Promise<TableWriting> {
  const { session, request, load, layout } = step;
  const latest = ledger.at(-1);
  if (latest && latest.requestedAt > request.requestedAt)
    throw superseded(request, load.table.name, latest.requestedAt);
  const again = request.fullRefresh.includes(load.table.name) && latest?.rootRunId !== request.run.rootRunId;
  if (latest?.loadId === load.loadId && !again && sameColumns(load.columns, columns)) {
    const there = await rowsDigest(session, relation, names(load.columns));
    if (there.digest === load.content.digest && there.rows === load.content.rows) return standing(step, latest);
  }
  const changes = await countChanges(session, load, { relation, columns });
  const published = account(step, changes);
  return {
    published,
    write: {
      rows: inOrder(load, load.relation),
      relation: load.relation,
      columns: names(load.columns),
      content: load.content,
      ledger: entered(step, published, ledger),
      replaces: layout.there,
    },
  };
}

/** Files of their own, named by the load: if one is there, so are its rows. */
async function appendFile({ step, ledger, columns }: Meeting, ours: boolean): Promise<TableWriting> {
  const { load } = step;
  const known = ledger.find(({ loadId }) => loadId === load.loadId);
  if (known) return standing(step, known);
  const { load: fitted, columns: all, ddl } = await fitFiles(step, columns, ours, []);
  // Every file has all columns of the earlier ones, so that a reader of the folder finds one table.
  const relation = reshaped(fitted.relation, fitted.columns, all);
  const published = account({ ...step, load: fitted }, allNew(load.content.rows), ddl);
  return {
    published,
    write: {
      rows: inOrder(load, relation),
      relation,
      columns: names(all),
      ledger: entered(step, published, []),
      replaces: [],
    },
  };
}

/** One file is written anew, with the rows of the load behind its own. */
async function appendToFile({ step, ledger, relation, columns }: Meeting): Promise<TableWriting> {
  const { load, layout } = step;
  const replaced = ledger.findLastIndex(({ mode }) => mode === 'replace');
  const known = ledger.slice(Math.max(0, replaced)).find(({ loadId }) => loadId === load.loadId);
  if (known) return standing(step, known);
  const { load: fitted, columns: all, ddl } = await fitFiles(step, columns, true, []);
  const image = `(SELECT * FROM ${reshaped(relation, columns, all)} UNION ALL SELECT * FROM ${reshaped(inOrder(load, fitted.relation), fitted.columns, all)})`;
  const published = account({ ...step, load: fitted }, allNew(load.content.rows), ddl);
  return {
    published,
    write: {
      rows: image,
      relation: image,
      columns: names(all),
      ledger: entered(step, published, ledger),
      replaces: layout.there,
    },
  };
}

/** The table's rows are taken into a scratch table, changed there, and written anew. */
async function changeFile({ step, ledger, relation, columns }: Meeting): Promise<TableWriting> {
  const { session, request, load, layout } = step;
  const { name } = load.table;
  const own = ledger.findLast(({ pipeline }) => pipeline === request.run.pipeline);
  if (own && own.requestedAt > request.requestedAt) throw superseded(request, name, own.requestedAt);
  const marks = load.mode === 'scd2' ? [] : cellsOf(step);
  const { load: fitted, columns: all, ddl } = await fitFiles(step, columns, true, marks);
  const marked = await extended(session, fitted, marks);
  const site = sessionSite(session);
  const image = await site.scratch('image', name, `SELECT * FROM ${reshaped(relation, columns, all)}`);
  const target = {
    site,
    name,
    table: image,
    load: marked.relation,
    columns: names(marked.columns),
    key: fitted.table.key,
    isUnique: false,
    asText: [],
    texts: [],
    inOrder: (rows: string) => inOrder(load, rows),
  };
  const changes = await changeByKey(target, request, fitted.table, fitted.content.rows);
  const changed = { ...step, load: fitted };
  if (changes.inserted + changes.updated + changes.removed + ddl.length === 0) {
    const latest = ledger.at(-1);
    return latest?.loadId === load.loadId
      ? standing(changed, latest, changes)
      : { published: account(changed, changes) };
  }
  const published = account(changed, changes, ddl);
  return {
    published,
    write: {
      rows: image,
      relation: image,
      columns: names(all),
      ledger: entered(changed, published, ledger),
      replaces: layout.there,
    },
  };
}

function cellsOf({ request, load }: Step): LoadColumn[] {
  return ownCells(load.table, request.requestedAt, (name, type) => ({ name, type, expression: identifier(name) }));
}

function sameColumns(load: readonly ThereColumn[], there: readonly ThereColumn[]): boolean {
  const text = (columns: readonly ThereColumn[]): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]).sort());
  return text(load) === text(there);
}
