import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { countAt } from './site.ts';
import { sameKey, type Target } from './target.ts';

/** What a load has of a table whose rows know which of two is the later one. */
export interface Latest {
  /** With the rows of the load of which the table has no later version. */
  readonly target: Target;
  /** How many others there are. */
  readonly outdated: number;
}

/**
 * Leaves the rows of a load aside of which the table has a later version, so that it does not matter in which order versions
 * come. A row is later by `keepLatestBy`, NULL being the least; of equal ones that of the load is taken: it may have been made
 * anew, by other SQL. Parts of one thing (`partOf`) are as late as the latest of them.
 */
export async function leaveOutdated(
  target: Target,
  { key, keepLatestBy, partOf = key }: Pick<TablePlan, 'key' | 'keepLatestBy' | 'partOf'>,
): Promise<Latest> {
  if (!keepLatestBy) return { target, outdated: 0 };
  const { site, name, table, load } = target;
  const things = { key: partOf };
  const inLoad = `SELECT 1 FROM ${load} AS load WHERE ${sameKey(things, 'load', 'there')}`;
  const there = `(SELECT * FROM ${table} AS there WHERE EXISTS (${inLoad}))`;
  const first = (rows: string): string =>
    partOf.length === key.length ? rows : latestOf(target, rows, partOf, keepLatestBy);
  const outdated = await site.scratch(
    'outdated',
    name,
    `SELECT ${identifiers(partOf, 'load')} FROM ${first(load)} AS load JOIN ${first(there)} AS there
       ON ${sameKey(things, 'load', 'there')} WHERE ${isLater(target, keepLatestBy, 'there', 'load')}`,
  );
  const isOutdated = `EXISTS (SELECT 1 FROM ${outdated} AS outdated WHERE ${sameKey(things, 'outdated', 'load')})`;
  const count = await countAt(site, `SELECT count(*) FROM ${load} AS load WHERE ${isOutdated}`);
  if (count === 0) return { target, outdated: 0 };
  const latest = await site.scratch('latest', name, `SELECT load.* FROM ${load} AS load WHERE NOT ${isOutdated}`);
  return { target: { ...target, load: latest }, outdated: count };
}

/** Of the parts of each thing the latest one. */
function latestOf(target: Target, rows: string, partOf: readonly string[], by: readonly string[]): string {
  const order = by.map((name) => `${ordered(target, name)} DESC NULLS LAST`).join(', ');
  return `(SELECT * FROM (SELECT parts.*, row_number() OVER (PARTITION BY ${identifiers(partOf)} ORDER BY ${order}) AS "place of the part"
     FROM ${rows} AS parts) AS numbered WHERE "place of the part" = 1)`;
}

/** A condition: `one` comes after `other`, by the first column in which they differ. */
function isLater(target: Target, by: readonly string[], one: string, other: string): string {
  const cases = by.map((name) => {
    const [left, right] = [ordered(target, name, one), ordered(target, name, other)];
    return `WHEN ${left} IS DISTINCT FROM ${right} THEN coalesce(${left} > ${right}, ${left} IS NOT NULL)`;
  });
  return `CASE ${cases.join(' ')} ELSE false END`;
}

/** Text is ordered by its bytes, as DuckDB does, not by the rules of a language. */
function ordered({ texts }: Target, name: string, side?: string): string {
  const column = side === undefined ? identifier(name) : `${side}.${identifier(name)}`;
  return texts.includes(name) ? `CAST(${column} AS text) COLLATE "C"` : column;
}

/** Takes away the parts of things that the load has otherwise: what is left of them is what the load says. */
export async function removeOtherParts(
  { site, table, load, key }: Target,
  partOf: readonly string[] | undefined,
): Promise<number> {
  if (!partOf) return 0;
  const isOther = `EXISTS (SELECT 1 FROM ${load} AS load WHERE ${sameKey({ key: partOf }, 'load', 'there')})
    AND NOT EXISTS (SELECT 1 FROM ${load} AS load WHERE ${sameKey({ key }, 'load', 'there')})`;
  const removed = await countAt(site, `SELECT count(*) FROM ${table} AS there WHERE ${isOther}`);
  if (removed > 0) await site.run(`DELETE FROM ${table} AS there WHERE ${isOther}`);
  return removed;
}
