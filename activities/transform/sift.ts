import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { keepLatest } from './keep-latest.ts';
import { quarantineRows } from './quarantine-rows.ts';

/** What was taken out of the rows that a model's SQL gave: `given = rows + filtered + quarantined + deduplicated`. */
export interface TakenOut {
  readonly filtered: number;
  readonly deduplicated: number;
  /** Of those in quarantine: reason → rows, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
}

/** Whether anything is taken out of a model at all. */
export function sifts({ since, rules, keepLatestBy }: ModelPlan): boolean {
  return since !== undefined || keepLatestBy !== undefined || (rules?.length ?? 0) > 0;
}

/**
 * Takes out of a model's rows, which stand in a table of its name: what is older than was asked for; then what breaks its
 * rules; then, of rows with one key, all but the latest. An invalid version of a row is thus never the one that stays.
 *
 * @param keep puts the quarantined rows away: the query that gives them
 */
export async function sift(
  session: Session,
  model: ModelPlan,
  keep: (rejected: string) => Promise<void>,
): Promise<TakenOut> {
  const filtered = model.since ? await leaveOutBefore(session, model.name, model.since) : 0;
  const reasons = model.rules ? await quarantineRows(session, model.name, model.rules, keep) : [];
  const deduplicated = model.keepLatestBy ? await keepLatest(session, model.name, model) : 0;
  return { filtered, deduplicated, reasons };
}

/** A row that does not say when it changed may have changed just now. */
async function leaveOutBefore(
  session: Session,
  table: string,
  { column, from }: NonNullable<ModelPlan['since']>,
): Promise<number> {
  return session.count(
    `DELETE FROM ${identifier(table)} WHERE ${identifier(column)} < CAST(${literal(from)} AS TIMESTAMP WITH TIME ZONE)`,
  );
}
