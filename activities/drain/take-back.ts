import type { TargetPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { arrayLiteral, ask, execute } from './postgres.ts';
import { SINK_TABLES } from './sink-tables.ts';

/** Somebody else has taken some of the records meanwhile: what is left of them is to be read again. */
export class TakenMeanwhile extends Error {}

/**
 * Takes lines out of the records that were put aside, inside the session's transaction; whoever wants the same ones waits until it has
 * ended. Error `TakenMeanwhile`: not all of them are there any more, so that nothing may be written in their place.
 *
 * @param lines a table of the session that names them: `source_id, record_digest`
 */
export async function takeBack(
  session: Session,
  lines: string,
  { schema, table }: Pick<TargetPlan, 'schema' | 'table'>,
): Promise<void> {
  const named = await session.rows<{ id: string; digest: string }>(
    `SELECT source_id AS id, record_digest AS digest FROM ${lines}`,
  );
  const [ids, digests] = [named.map(({ id }) => id), named.map(({ digest }) => digest)];
  await refusedAsTaken(() =>
    // Of a statement that changes rows the extension gives no result: it is handed on by a setting of the transaction.
    execute(
      session,
      'sink',
      `WITH gone AS (
         DELETE FROM ${identifier(schema)}.${identifier(SINK_TABLES.aside)} AS a
         USING unnest(${arrayLiteral(ids)}::text[], ${arrayLiteral(digests)}::text[]) AS taken (id, digest)
         WHERE a.table_name = ${literal(table)} AND a.source_id = taken.id AND a.record_digest = taken.digest RETURNING 1)
       SELECT set_config('acequia.taken', count(*)::text, true) FROM gone`,
    ),
  );
  const [taken] = await ask<{ rows: string }>(session, 'sink', `SELECT current_setting('acequia.taken') AS rows`);
  if (Number(taken?.rows) !== ids.length) throw new TakenMeanwhile('other records were taken meanwhile');
}

/** Transactions see the moment of their begin: a line that somebody else has taken since cannot be taken. */
async function refusedAsTaken(take: () => Promise<void>): Promise<void> {
  try {
    await take();
  } catch (error) {
    if (error instanceof Error && /could not serialize access due to concurrent/.test(error.message))
      throw new TakenMeanwhile('other records were taken meanwhile');
    throw error;
  }
}
