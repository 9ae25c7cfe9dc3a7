import type { TargetPlan } from '../../workflows/definition/index.ts';
import { literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { NormalisedBatch } from '../normalise/normalise.ts';
import { insertRows } from './publish-batch.ts';

export const REFUSED = 'Postgres does not take one of its values';

/** What Postgres says of a single value. */
const OF_ONE_ROW =
  /0x00|NULL-byte|out of range|invalid byte sequence|unsupported Unicode|value too long|invalid input|index row (?:size|requires)|row is too big|violates (?:check|not-null|foreign key|exclusion) constraint|cannot be encoded|lies before/i;

/** Whether it is a row that is at fault: not the connection, nor somebody else. */
export function isOfOneRow(error: unknown): boolean {
  return error instanceof Error && OF_ONE_ROW.test(error.message);
}

/**
 * Finds a row that Postgres refuses, by halves, and puts it aside. Nothing is written meanwhile. Returns whether there was one.
 */
export async function putPoisonAside(
  session: Session,
  { rows, aside }: NormalisedBatch,
  target: TargetPlan,
): Promise<boolean> {
  if (rows === undefined) return false;
  const places = (await session.rows<{ place: string }>(`SELECT rowid AS place FROM ${rows} ORDER BY rowid`)).map(
    ({ place }) => place,
  );
  let [from, to] = [0, places.length];
  const isRefused = async (start: number, end: number): Promise<boolean> => {
    const part = `(SELECT * FROM ${rows} WHERE rowid BETWEEN ${places[start]} AND ${places[end - 1]})`;
    await session.run('BEGIN TRANSACTION');
    try {
      await session.run(insertRows(part, target));
      return false;
    } catch (error) {
      // A connection that is cut says nothing of a row.
      if (isOfOneRow(error)) return true;
      throw error;
    } finally {
      await session.run('ROLLBACK').catch(() => undefined);
    }
  };
  if (to === 0 || !(await isRefused(from, to))) return false;
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (await isRefused(from, middle)) to = middle;
    else from = middle;
  }
  await session.run(`
    INSERT INTO ${aside}
    SELECT source_id, shape_id, mapping_id, mapping_version, NULL, ${literal(REFUSED)}, raw, NULL, false
    FROM ${rows} WHERE rowid = ${places[from]}`);
  await session.run(`DELETE FROM ${rows} WHERE rowid = ${places[from]}`);
  return true;
}
