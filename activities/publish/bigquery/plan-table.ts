import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { quotedName, quotedTable } from '../../bigquery/quoted.ts';
import { entryIn, recordIn, type LedgerEntry, type LedgerRow } from '../database/ledger-row.ts';
import { notMadeByUs, requireTable } from '../database/other-table.ts';
import { standing } from '../database/standing.ts';
import { fitColumns, type ThereColumn } from '../fit-columns.ts';
import { mismatch, superseded } from '../refusals.ts';
import { temporary } from '../scratch-names.ts';
import { refit, type Load, type LoadColumn } from '../staged-load.ts';
import { fieldFor } from './column-types.ts';
import { contentOf, type Staging } from './staging.ts';
import { hasColumnsOf, tableThere, typeText, type TableThere } from './table-there.ts';

/** What is done to a table before rows go in, which no transaction of BigQuery holds. */
export type Structure =
  | { readonly kind: 'ready' }
  | { readonly kind: 'new'; readonly columns: readonly ThereColumn[] }
  | { readonly kind: 'wider'; readonly ddl: readonly string[] }
  /** Its columns are others: the load takes its place. */
  | { readonly kind: 'other' };

/** A load that is to be written, as the table takes it. */
export interface Planned {
  readonly load: Load;
  readonly structure: Structure;
  readonly made: boolean;
}

export interface Meeting {
  readonly staging: Staging;
  readonly request: PublishRequest;
  readonly load: Load;
  /** What the ledger has of the table, in its order. */
  readonly rows: readonly LedgerRow[];
}

const BY_MODE: Readonly<
  Partial<Record<LoadMode, (meeting: Meeting, there: TableThere) => Promise<Planned | PublishedTable>>>
> = { replace, append, merge: (meeting, there) => fitted(meeting, there) };

/** Decides what a load makes of the table that is there; a load that is there already stands. Nothing is written. */
export async function planTable(meeting: Meeting): Promise<Planned | PublishedTable> {
  const { staging, request, load } = meeting;
  const { name } = load.table;
  const overtaken = overtakenBy(meeting);
  if (overtaken !== undefined) throw superseded(request, name, overtaken);
  const there = await tableThere(staging.warehouse, name);
  if (!there) return { load, structure: { kind: 'new', columns: load.columns }, made: true };
  requireTable(request, name, asTable(there));
  const plan = BY_MODE[load.mode];
  if (!plan) throw new Error(`a load by ${load.mode} has passed validation, and there is none in BigQuery`);
  return plan(meeting, there);
}

/** The instant at which a later run has asked for a load of the same table. Loads that are only added overtake none. */
function overtakenBy({ request, load, rows }: Meeting): string | undefined {
  const others = rows.filter(({ pipeline }) => load.mode === 'replace' || pipeline === request.run.pipeline);
  const latest = others.at(-1)?.requested_at;
  return load.mode !== 'append' && latest !== undefined && latest > request.requestedAt ? latest : undefined;
}

/** The load becomes the table. A table that holds it already, as its latest ledger entry says and its rows show, is left as it is. */
async function replace(meeting: Meeting, there: TableThere): Promise<Planned | PublishedTable> {
  const { request, load, staging, rows } = meeting;
  const { name } = load.table;
  if (!isOurs(meeting, there)) throw notMadeByUs(request, name, asTable(there));
  const latest = entryOf(meeting, rows.at(-1));
  const fits = hasColumnsOf(there, load.columns);
  const again = request.fullRefresh.includes(name) && latest?.rootRunId !== request.run.rootRunId;
  if (latest?.loadId === load.loadId && fits && !again) {
    const { rows: found, digest } = await contentOf(staging, load, name);
    if (found === load.content.rows && digest === load.content.digest) return standing({ request, load }, latest);
  }
  return { load, structure: fits ? { kind: 'ready' } : { kind: 'other' }, made: true };
}

/** Adds the rows of a load, once: a load that the ledger knows since the table was last replaced adds nothing. */
async function append(meeting: Meeting, there: TableThere): Promise<Planned | PublishedTable> {
  const { request, load, rows } = meeting;
  const replaced = rows.findLastIndex((row) => recordIn(row).mode === 'replace');
  const known = entryOf(
    meeting,
    rows.slice(Math.max(0, replaced)).findLast(({ load_id: id }) => id === load.loadId),
  );
  return known ? standing({ request, load }, known) : fitted(meeting, there);
}

/** A load as the columns there take it. A table of ours gains those it lacks; none becomes wider, as BigQuery widens few. */
async function fitted(meeting: Meeting, there: TableThere): Promise<Planned> {
  const { request, load, staging } = meeting;
  const { session, warehouse } = staging;
  const { name, freeze } = load.table;
  const ours = isOurs(meeting, there);
  const fit = await fitColumns(session, temporary('staged', name), load.staged, load.columns, there.columns, undefined);
  const refused = ours && freeze !== true ? [] : fit.added.map(({ name: column }) => notAdded(column, ours));
  const problems = [...fit.problems, ...refused];
  if (problems.length > 0) throw mismatch(request, name, ours, problems);
  const ddl = fit.added.map((column) => addColumn(quotedTable(warehouse, name), column));
  return {
    load: await refit(session, load, fit.columns),
    structure: ddl.length > 0 ? { kind: 'wider', ddl } : { kind: 'ready' },
    made: ours,
  };
}

function addColumn(table: string, column: LoadColumn): string {
  return `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${quotedName(column.name)} ${typeText(fieldFor(column))}`;
}

function notAdded(column: string, ours: boolean): string {
  return ours
    ? `${column}: the table has no such column, and its structure is frozen`
    : `${column}: the table has no such column, and Acequia did not make it`;
}

/** By the ledger; or by its mark, where a kill came between the table and its first rows. */
function isOurs({ rows }: Meeting, { marked }: TableThere): boolean {
  return marked || rows.some((row) => recordIn(row).made);
}

function entryOf({ request }: Meeting, row: LedgerRow | undefined): LedgerEntry | undefined {
  return row && entryIn(row, request.destination.name);
}

/** As refusals tell of it. */
function asTable({ kind, columns }: TableThere): Parameters<typeof requireTable>[2] {
  return {
    kind,
    columns: columns.map((column) => ({ ...column, declared: column.type })),
    key: [],
    references: [],
    indexes: [],
    grows: false,
    inexact: [],
    triggers: [],
  };
}
