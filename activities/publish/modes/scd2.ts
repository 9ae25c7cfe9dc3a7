import { identifier, identifiers, literal } from '../../duckdb/identifiers.ts';
import { countAt } from './site.ts';
import { isMissing } from './missing.ts';
import { differ, sameKey, type Target } from './target.ts';

/** From when to when a version of a row holds, and whether it is the one that holds now. */
export const VERSION = { from: 'valid_from', to: 'valid_to', current: 'is_current' } as const;

export const IS_CURRENT = `there."${VERSION.to}" IS NULL`;

export interface Versioned {
  readonly inserted: number;
  readonly updated: number;
}

/**
 * Ends the current versions of rows that changed, and with `close` of those that are missing, and adds the new versions.
 * The versions of one key never overlap, and at most one of them is current. `at`: the instant of the change, as SQL text.
 */
export async function addVersions(target: Target, at: string, close: boolean): Promise<Versioned> {
  const { site, name, table, load, columns } = target;
  const known = `EXISTS (SELECT 1 FROM ${table} AS there WHERE ${IS_CURRENT} AND ${sameKey(target, 'there', 'load')})`;
  const changed = await site.scratch(
    'changed',
    name,
    `SELECT load.* FROM ${load} AS load JOIN ${table} AS there ON ${sameKey(target, 'load', 'there')}
     WHERE ${IS_CURRENT} AND (${differ(target, 'load', 'there')})`,
  );
  const added = await site.scratch('added', name, `SELECT load.* FROM ${load} AS load WHERE NOT ${known}`);
  const updated = await countAt(site, `SELECT count(*) FROM ${changed}`);
  const inserted = await countAt(site, `SELECT count(*) FROM ${added}`);
  const isChanged = `EXISTS (SELECT 1 FROM ${changed} AS changed WHERE ${sameKey(target, 'changed', 'there')})`;
  const ends = close ? `(${isChanged} OR ${isMissing(target)})` : isChanged;
  await site.run(
    `UPDATE ${table} AS there SET "${VERSION.to}" = ${literal(at)}, "${VERSION.current}" = false WHERE ${IS_CURRENT} AND ${ends}`,
  );
  const versioned = [...columns.map(identifier), ...Object.values(VERSION).map(identifier)].join(', ');
  for (const relation of [changed, added])
    await site.run(
      `INSERT INTO ${table} (${versioned}) SELECT ${identifiers(columns)}, ${literal(at)}, NULL, true FROM ${target.inOrder(relation)}`,
    );
  return { inserted, updated };
}

/** How many rows of the load stand in the table as they were given, as current versions. */
export function versionsThere(target: Target): Promise<number> {
  const { site, table, load } = target;
  return countAt(
    site,
    `SELECT count(*) FROM ${load} AS load JOIN ${table} AS there ON ${sameKey(target, 'load', 'there')}
     WHERE ${IS_CURRENT} AND NOT (${differ(target, 'load', 'there')})`,
  );
}
