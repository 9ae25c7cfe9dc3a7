import type { LoadMode } from '../../../workflows/definition/index.ts';
import { quotedName } from '../../bigquery/quoted.ts';
import { REFUSED, refusedWhere, type At, type Change, type Counts, type Manner } from './statements.ts';

/** How rows go into a table of BigQuery, by the mode of their load. */
export const MANNERS: Readonly<Partial<Record<LoadMode, Manner>>> = {
  replace: {
    counts: (at) => (at.change.key.length > 0 ? replacedByKey(at) : replacedByRow(at)),
    statements: (at) => [`DELETE FROM ${at.target} WHERE TRUE`, insert(at)],
    holds: (at) =>
      `(SELECT COUNT(*) FROM ${at.target}) = ${at.change.rows} AND ${kept(at, at.target)} = ${at.change.rows}`,
  },
  append: {
    counts: (at) => ({ ...NOTHING, before: all(at.target), inserted: String(at.change.rows) }),
    statements: (at) => [insert(at)],
    // Looking at every row of a table that only ever grows would cost more with every load.
    holds: (at) => `(SELECT COUNT(*) FROM ${at.target}) = ${at.before} + ${at.change.rows}`,
  },
  merge: {
    counts: (at) => ({
      ...NOTHING,
      found: met(at),
      kept: kept(at, ofKeys(at)),
      inserted: `${at.change.rows} - ${at.found}`,
      updated: `${at.found} - ${at.kept}`,
      unchanged: at.kept,
    }),
    statements: (at) => [refusedWhere(`${met(at)} > ${metOnce(at)}`, REFUSED.several, at.change), merge(at)],
    holds: (at) => `${met(at)} = ${at.change.rows} AND ${kept(at, ofKeys(at))} = ${at.change.rows}`,
  },
};

/** The manner of a mode. Others are refused when a definition is read. */
export function mannerOf(mode: LoadMode): Manner {
  const manner = MANNERS[mode];
  if (!manner) throw new Error(`a load by ${mode} has passed validation, and there is none in BigQuery`);
  return manner;
}

const NOTHING: Counts = {
  before: '0',
  found: '0',
  kept: '0',
  inserted: '0',
  updated: '0',
  unchanged: '0',
  removed: '0',
};

function replacedByKey(at: At): Counts {
  return {
    before: all(at.target),
    found: met(at),
    kept: kept(at, at.target),
    inserted: `${at.change.rows} - ${at.found}`,
    updated: `${at.found} - ${at.kept}`,
    unchanged: at.kept,
    removed: `${at.before} - ${at.found}`,
  };
}

function replacedByRow(at: At): Counts {
  return {
    ...NOTHING,
    before: all(at.target),
    kept: kept(at, at.target),
    inserted: `${at.change.rows} - ${at.kept}`,
    unchanged: at.kept,
    removed: `${at.before} - ${at.kept}`,
  };
}

function all(relation: string): string {
  return `(SELECT COUNT(*) FROM ${relation})`;
}

function list({ columns }: Change): string {
  return columns.map(quotedName).join(', ');
}

/** How many rows two relations share, each as often as it stands in both. NULL is the same as NULL. */
function kept({ change, staging }: At, there: string): string {
  const cells = change.columns.map((name, index) => `${quotedName(name)} AS c${index}`).join(', ');
  const names = change.columns.map((_, index) => `c${index}`).join(', ');
  const both = `SELECT ${cells}, 1 AS n_there, 0 AS n_load FROM ${there} UNION ALL SELECT ${cells}, 0, 1 FROM ${staging}`;
  const counted = `SELECT SUM(n_there) AS n_there, SUM(n_load) AS n_load FROM (${both}) GROUP BY ${names}`;
  return `(SELECT COALESCE(SUM(LEAST(n_there, n_load)), 0) FROM (${counted}))`;
}

function sameKey({ change }: At): string {
  return change.key.map((name) => `there.${quotedName(name)} = load.${quotedName(name)}`).join(' AND ');
}

function joined(at: At): string {
  return `${at.target} AS there JOIN ${at.staging} AS load ON ${sameKey(at)}`;
}

/** Rows of the table whose key the load has. */
function met(at: At): string {
  return `(SELECT COUNT(*) FROM ${joined(at)})`;
}

/** Keys of the load that the table has. */
function metOnce(at: At): string {
  const keys = at.change.key.map((name) => `load.${quotedName(name)}`).join(', ');
  return `(SELECT COUNT(*) FROM (SELECT DISTINCT ${keys} FROM ${joined(at)}))`;
}

function ofKeys(at: At): string {
  return `(SELECT there.* FROM ${joined(at)})`;
}

function insert({ change, target, staging }: At): string {
  return `INSERT INTO ${target} (${list(change)}) SELECT ${list(change)} FROM ${staging}`;
}

function merge(at: At): string {
  const { change, target, staging } = at;
  const others = change.columns.filter((name) => !change.key.includes(name)).map(quotedName);
  const differs = others.map((name) => `there.${name} IS DISTINCT FROM load.${name}`).join(' OR ');
  const update =
    others.length === 0
      ? ''
      : ` WHEN MATCHED AND (${differs}) THEN UPDATE SET ${others.map((name) => `${name} = load.${name}`).join(', ')}`;
  const values = change.columns.map((name) => `load.${quotedName(name)}`).join(', ');
  return `MERGE INTO ${target} AS there USING ${staging} AS load ON ${sameKey(at)}${update} WHEN NOT MATCHED THEN INSERT (${list(change)}) VALUES (${values})`;
}
