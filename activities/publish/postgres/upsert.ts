import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { Merged } from '../modes/merge.ts';
import { differ, type Target } from '../modes/target.ts';
import { ask, execute } from './execute.ts';
import { scratchName } from './scratch-name.ts';

/**
 * Merges by the table's own unique key, in one pass over the load: a row that is there is updated only where a value
 * differs. Postgres says of each row that it wrote whether it was new: one that was not carries the mark (`xmax`) of the
 * transaction that replaced it.
 */
export async function upsert(session: Session, target: Target): Promise<Merged> {
  const { name, table, load, columns, key } = target;
  const counts = identifier(scratchName('counts', name));
  const others = columns.filter((column) => !key.includes(column));
  const set = others.map((column) => `${identifier(column)} = excluded.${identifier(column)}`).join(', ');
  const conflict =
    others.length > 0 ? `DO UPDATE SET ${set} WHERE ${differ(target, 'there', 'excluded')}` : 'DO NOTHING';
  const list = identifiers(columns);
  await execute(session, `CREATE TEMP TABLE ${counts} (inserted bigint, updated bigint) ON COMMIT DROP`);
  await execute(
    session,
    `WITH written AS (
       INSERT INTO ${table} AS there (${list}) SELECT ${list} FROM ${load} ON CONFLICT (${identifiers(key)}) ${conflict}
       RETURNING (there.xmax = 0) AS "is new")
     INSERT INTO pg_temp.${counts} SELECT count(*) FILTER (WHERE "is new"), count(*) FILTER (WHERE NOT "is new") FROM written`,
  );
  const [row] = await ask<Record<keyof Merged, string>>(session, `SELECT * FROM pg_temp.${counts}`);
  await execute(session, `DROP TABLE pg_temp.${counts}`);
  return { inserted: Number(row?.inserted ?? 0), updated: Number(row?.updated ?? 0) };
}
