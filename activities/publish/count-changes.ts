import { identifier, identifiers } from '../duckdb/identifiers.ts';
import { rowHashes } from '../duckdb/rows-digest.ts';
import type { Session } from '../duckdb/session.ts';
import type { ThereColumn } from './fit-columns.ts';
import { differ } from './modes/target.ts';
import type { Load } from './staged-load.ts';

export interface Changes {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Rows of the load that were left aside, as a later version of them is there. Default: none. */
  readonly outdated?: number;
}

/** A load into an empty place. */
export function allNew(rows: number): Changes {
  return { inserted: rows, updated: 0, unchanged: 0, removed: 0 };
}

/**
 * What replacing a table by a load changes: by key, or without a key by whole rows. `before`: the table that is there;
 * one with other columns counts as replaced whole.
 */
export async function countChanges(
  session: Session,
  load: Load,
  before: { readonly relation: string; readonly columns: readonly ThereColumn[] },
): Promise<Changes> {
  const names = (columns: readonly { name: string }[]): string =>
    columns
      .map(({ name }) => name)
      .sort()
      .join();
  if (names(before.columns) !== names(load.columns)) {
    const removed = await session.count(`SELECT count(*) FROM ${before.relation}`);
    return { ...allNew(load.content.rows), removed };
  }
  const [row] = await session.rows<Record<keyof Omit<Changes, 'outdated'>, string>>(
    load.table.key.length > 0 ? byKey(load, before) : byContent(load, before.relation),
  );
  return {
    inserted: Number(row?.inserted ?? 0),
    updated: Number(row?.updated ?? 0),
    unchanged: Number(row?.unchanged ?? 0),
    removed: Number(row?.removed ?? 0),
  };
}

/** Types may have changed since; then values are compared as text. */
function byKey(load: Load, before: { readonly relation: string; readonly columns: readonly ThereColumn[] }): string {
  const comparable = load.columns.map(({ name, type }) => {
    const same = before.columns.find((column) => column.name === name)?.type === type;
    return same ? identifier(name) : `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`;
  });
  const differs = differ(
    { key: load.table.key, columns: load.columns.map(({ name }) => name), asText: [] },
    'old',
    'new',
  );
  return `
    WITH old AS (SELECT true AS "is there", ${comparable.join(', ')} FROM ${before.relation}),
         new AS (SELECT true AS "is there", ${comparable.join(', ')} FROM ${load.relation})
    SELECT count(*) FILTER (old."is there" IS NULL) AS inserted,
           count(*) FILTER (old."is there" AND new."is there" AND (${differs})) AS updated,
           count(*) FILTER (old."is there" AND new."is there" AND NOT (${differs})) AS unchanged,
           count(*) FILTER (new."is there" IS NULL) AS removed
    FROM old FULL JOIN new USING (${identifiers(load.table.key)})`;
}

/** A row counts as often as it is there. */
function byContent({ relation, columns }: Load, before: string): string {
  const [first, second] = rowHashes(columns.map(({ name }) => name));
  const grouped = (rows: string): string =>
    `SELECT ${first} AS a, ${second} AS b, count(*) AS n FROM ${rows} GROUP BY ALL`;
  return `
    WITH old AS (${grouped(before)}), new AS (${grouped(relation)}),
         kept AS (SELECT coalesce(sum(least(old.n, new.n)), 0)::BIGINT AS n FROM old JOIN new USING (a, b))
    SELECT (SELECT coalesce(sum(n), 0) FROM new)::BIGINT - n AS inserted, 0 AS updated, n AS unchanged,
           (SELECT coalesce(sum(n), 0) FROM old)::BIGINT - n AS removed
    FROM kept`;
}
