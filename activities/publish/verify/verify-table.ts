import type { DestinationPlace, TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishRequest, RunIdentity, StagedTable } from '../../../workflows/stages.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import type { LoadRecord } from '../database/ledger-row.ts';
import { fitColumns } from '../fit-columns.ts';
import { PUBLISHERS } from '../publishers.ts';
import { temporary } from '../scratch-names.ts';
import { leaveOutdated } from '../modes/outdated.ts';
import { sessionSite } from '../modes/site.ts';
import type { Target } from '../modes/target.ts';
import { isText, refit, stagedLoad, type Load } from '../staged-load.ts';
import { findDifferences, notIn, type Differences } from './differences.ts';
import { inForceAt, isWholeTable, wholeLoad } from './in-force.ts';

/** One load of a run that is to be verified. */
export interface LoadToVerify {
  readonly run: RunIdentity;
  readonly lake: string;
  readonly place: DestinationPlace;
  readonly table: TablePlan;
  /** What was published: files in the lake. */
  readonly stored: StagedTable;
  readonly loadId: string;
  /** Of the rows as they were published, and whether this DuckDB digests as the one did that made it. */
  readonly digest: string;
  readonly comparable: boolean;
  /** Rows that were left aside, as a later version of them was there. */
  readonly outdated: number;
}

/** What became of a load. */
export type Verified =
  | { readonly state: 'same'; readonly rows: number }
  /** All that is in force is of a later load: nothing of this one is left to compare. */
  | { readonly state: 'replaced'; readonly by: string }
  /** `why`: a sentence for each fault. */
  | { readonly state: 'different'; readonly why: readonly string[]; readonly differences?: Differences };

export interface VerifySettings {
  /** In which connections are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** How many differing rows are named. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** What a later run has published to the same table; `undefined` where the lake does not have it any more. */
  readonly laterRows: (runId: string) => Promise<StagedTable | undefined>;
}

/**
 * Looks up what a load has left at its destination, and compares it with the rows that were published, which the lake has
 * kept: by key, or whole rows as often as they stand there. Rows of other loads are none of its business, but where the load
 * is the whole table. Nothing is written.
 */
export async function verifyLoad(load: LoadToVerify, settings: VerifySettings): Promise<Verified> {
  try {
    return await withSession(settings.signal, (session) => verify(session, load, settings));
  } catch (error) {
    throw PUBLISHERS[load.place.kind].problem(error, load.place.path);
  }
}

async function verify(session: Session, load: LoadToVerify, settings: VerifySettings): Promise<Verified> {
  const { table, loadId } = load;
  const { place } = load;
  const { variables, signal } = settings;
  const reading = { session, place, variables, work: { signal, report: () => undefined } };
  const { relation, columns, loads, mapping, foreign } = await PUBLISHERS[place.kind].published(reading, table);
  if (relation === undefined) return different([`there is no table ${table.name} any more`]);
  const at = loads.findLastIndex((record) => record.loadId === loadId);
  const later = at < 0 ? [] : loads.slice(at + 1).filter(({ runId }) => runId !== load.run.runId);
  const whole = wholeLoad(table, later);
  if (whole) return { state: 'replaced', by: whole.runId };
  // A load by key that changed nothing has left no entry.
  const isUnknown = at < 0 && ['replace', 'append'].includes(table.mode ?? 'replace');
  const unknownLoad = isUnknown ? [`the ledger knows nothing of this load (${loadId})`] : [];
  const staged = await stagedLoad(session, requestOf(load), table, mapping);
  const fit = await fitColumns(
    session,
    temporary('staged', table.name),
    staged.staged,
    staged.columns,
    columns,
    undefined,
  );
  const gone = fit.added.map(({ name }) => `the column ${name} is gone`);
  if (gone.length + fit.problems.length > 0) return different([...gone, ...fit.problems]);
  const fitted = await refit(session, staged, fit.columns);
  const isStored = [staged.content.digest, fitted.content.digest].includes(load.digest);
  if (load.comparable && !isStored && later.length === 0)
    return different([
      "the rows that the lake keeps of this load are not those that were published: the lake's files were changed",
    ]);
  // A table with versions still has those that later loads have ended.
  const laterLoads = await laterRelations(session, load, table.mode === 'scd2' ? [] : later, settings);
  const brought = await effectiveLater(session, fitted, laterLoads.relations);
  const latest = await latestRows(session, fitted, relation, brought);
  const differences = await findDifferences(session, {
    // Where more is later than a run has found, somebody has made it so: it shows among the differences.
    load: latest.outdated > load.outdated ? fitted : { ...fitted, relation: latest.relation },
    there: relation,
    inForce: inForceAt(table, columns, loads[at]?.requestedAt ?? load.run.startedAt),
    isWhole: isWholeTable(table, loads, at),
    later: brought,
    limit: settings.limit,
  });
  const { missing, changed, extra } = differences;
  const overtaken =
    latest.outdated > load.outdated && load.outdated > 0
      ? [`a later version is there of ${latest.outdated} rows, and the receipt says so of ${load.outdated}`]
      : [];
  if (missing + changed + extra + unknownLoad.length + overtaken.length === 0)
    return { state: 'same', rows: fitted.content.rows };
  const unknown = laterLoads.unknown.map(
    (run) => `the later run ${run} may have changed them: the lake does not keep its rows any more`,
  );
  const others = foreign.map((file) => `${file} carries no ledger: somebody else has written it`);
  return { ...different([...unknownLoad, ...words(differences), ...overtaken, ...unknown, ...others]), differences };
}

/** The rows of a load of which the table has no later version; those that later loads have brought are not asked for. */
async function latestRows(
  session: Session,
  load: Load,
  there: string,
  later: readonly string[],
): Promise<{ readonly relation: string; readonly outdated: number }> {
  const { table, relation } = load;
  if (!table.keepLatestBy) return { relation, outdated: 0 };
  const own = `(SELECT * FROM ${relation} AS load WHERE ${notIn(later, table.partOf ?? table.key, 'load')})`;
  const { target, outdated } = await leaveOutdated(heldAgainst(session, load, table.name, own, there), table);
  return { relation: target.load, outdated };
}

/** Of what later loads brought, the rows that were not older than those of this load: only these took their places. */
async function effectiveLater(session: Session, load: Load, later: readonly string[]): Promise<string[]> {
  const { table, relation } = load;
  if (!table.keepLatestBy) return [...later];
  const effective: string[] = [];
  for (const [index, rows] of later.entries()) {
    const held = heldAgainst(session, load, `${table.name} later ${index}`, rows, relation);
    effective.push((await leaveOutdated(held, table)).target.load);
  }
  return effective;
}

/** Rows, and a relation with the same columns that they are compared with by their order. */
function heldAgainst(session: Session, { table, columns }: Load, name: string, load: string, there: string): Target {
  return {
    site: sessionSite(session),
    name,
    table: there,
    load,
    columns: columns.map((column) => column.name),
    key: table.key,
    isUnique: false,
    asText: [],
    texts: columns.flatMap((column) => (isText(column.type) ? [column.name] : [])),
    inOrder: (rows) => rows,
  };
}

/** What later loads brought under the same keys is not this one's to answer for. */
async function laterRelations(
  session: Session,
  { table, ...load }: LoadToVerify,
  later: readonly LoadRecord[],
  settings: VerifySettings,
): Promise<{ readonly relations: string[]; readonly unknown: string[] }> {
  const relations: string[] = [];
  const unknown: string[] = [];
  if (table.key.length === 0) return { relations, unknown };
  for (const [index, { runId }] of later.entries()) {
    const stored = await settings.laterRows(runId);
    if (!stored) {
      unknown.push(runId);
      continue;
    }
    const name = `${table.name} later ${index}`;
    const request = requestOf({ ...load, table, stored: { ...stored, name } });
    const plan = { ...table, name, mode: 'append' as const, key: [] };
    const { relation } = await stagedLoad(session, request, plan, (column, type) => ({
      name: column,
      type,
      expression: `"${column.replaceAll('"', '""')}"`,
    }));
    relations.push(relation);
  }
  return { relations, unknown };
}

function requestOf({
  run,
  lake,
  place,
  table,
  stored,
}: Omit<LoadToVerify, 'loadId' | 'digest' | 'comparable' | 'outdated'>): PublishRequest {
  return {
    run,
    lake,
    destination: { name: place.path, ...place, tables: [table] },
    tables: [stored],
    fullRefresh: [],
    overrides: [],
    requestedAt: run.startedAt,
  };
}

function different(why: readonly string[]): { readonly state: 'different'; readonly why: readonly string[] } {
  return { state: 'different', why };
}

function words({ missing, changed, extra }: Differences): string[] {
  const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
  return [
    ...(changed > 0 ? [`${rows(changed)} ${changed === 1 ? 'has' : 'have'} other values`] : []),
    ...(missing > 0 ? [`${rows(missing)} ${missing === 1 ? 'is' : 'are'} not there`] : []),
    ...(extra > 0 ? [`${rows(extra)} ${extra === 1 ? 'is there that was' : 'are there that were'} not published`] : []),
  ];
}
