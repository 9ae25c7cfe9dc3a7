import { literal } from '../../duckdb/identifiers.ts';
import { countAt } from './site.ts';
import { sameKey, type Target } from './target.ts';

/** Since when a row is gone, of tables that keep such rows. */
export const DELETED_AT = '_deleted_at';

/** Rows of a table that are in force, and those of them whose key the load lacks. */
export interface Vanishing {
  readonly there: number;
  readonly missing: number;
}

/** `inForce`: a condition over `there`, for tables that also hold rows of the past. */
export async function countMissing(target: Target, inForce: string): Promise<Vanishing> {
  const { site, table } = target;
  const there = await countAt(site, `SELECT count(*) FROM ${table} AS there WHERE ${inForce}`);
  const missing = await countAt(
    site,
    `SELECT count(*) FROM ${table} AS there WHERE ${inForce} AND ${isMissing(target)}`,
  );
  return { there, missing };
}

export async function deleteMissing(target: Target): Promise<void> {
  await target.site.run(`DELETE FROM ${target.table} AS there WHERE ${isMissing(target)}`);
}

/** `at`: an instant, as SQL text. */
export async function markMissing(target: Target, at: string): Promise<void> {
  await target.site.run(
    `UPDATE ${target.table} AS there SET "${DELETED_AT}" = ${literal(at)} WHERE ${NOT_MARKED} AND ${isMissing(target)}`,
  );
}

export const NOT_MARKED = `there."${DELETED_AT}" IS NULL`;

/** A condition over `there`. */
export function isMissing(target: Target): string {
  return `NOT EXISTS (SELECT 1 FROM ${target.load} AS load WHERE ${sameKey(target, 'load', 'there')})`;
}
