import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { countAt } from './site.ts';
import { differ, insertRows, sameKey, type Target } from './target.ts';

/** What a load did to the rows of a table. */
export interface Merged {
  readonly inserted: number;
  readonly updated: number;
}

/** Rows whose key is new are added, those whose values differ updated, all others left alone. */
export async function merge(target: Target): Promise<Merged> {
  if (target.isUnique && target.site.upsert) return target.site.upsert(target);
  const { site, name, table, load, columns, key } = target;
  const changed = await site.scratch(
    'changed',
    name,
    `SELECT load.* FROM ${load} AS load JOIN ${table} AS there ON ${sameKey(target, 'load', 'there')} WHERE ${differ(target, 'load', 'there')}`,
  );
  const added = await site.scratch(
    'added',
    name,
    `SELECT load.* FROM ${load} AS load WHERE NOT EXISTS (SELECT 1 FROM ${table} AS there WHERE ${sameKey(target, 'there', 'load')})`,
  );
  const updated = await countAt(site, `SELECT count(*) FROM ${changed}`);
  const inserted = await countAt(site, `SELECT count(*) FROM ${added}`);
  if (updated > 0) {
    const others = columns.filter((column) => !key.includes(column));
    const set = others.map((column) => `${identifier(column)} = changed.${identifier(column)}`).join(', ');
    await site.run(
      `UPDATE ${table} AS there SET ${set} FROM ${changed} AS changed WHERE ${sameKey(target, 'there', 'changed')}`,
    );
  }
  if (inserted > 0) await insertRows(target, added);
  return { inserted, updated };
}

/** Keys of the load that stand in several rows of a table. `inForce`: a condition over `there`. */
export function repeatedKeys({ site, table, load, key, ...target }: Target, inForce = 'true'): Promise<number> {
  const there = identifiers(key, 'there');
  return countAt(
    site,
    `SELECT count(*) FROM (SELECT ${there} FROM ${table} AS there
       WHERE ${inForce} AND EXISTS (SELECT 1 FROM ${load} AS load WHERE ${sameKey({ ...target, key }, 'load', 'there')})
       GROUP BY ${there} HAVING count(*) > 1) AS repeated`,
  );
}

/** How many rows of the load stand in the table as they were given. */
export function rowsThere(target: Target): Promise<number> {
  const { site, table, load } = target;
  return countAt(
    site,
    `SELECT count(*) FROM ${load} AS load JOIN ${table} AS there ON ${sameKey(target, 'load', 'there')} WHERE NOT (${differ(target, 'load', 'there')})`,
  );
}
