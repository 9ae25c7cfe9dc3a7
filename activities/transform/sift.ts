import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { olderRows } from './keep-latest.ts';
import { quarantineRows } from './quarantine-rows.ts';
import { ROW, RowsThatGo } from './rows-that-go.ts';

/** What was taken out of the rows that a model's SQL gave: `given = rows + filtered + quarantined + deduplicated`. */
export interface TakenOut {
  readonly filtered: number;
  readonly deduplicated: number;
  /** Of those in quarantine: reason → rows, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
}

/** What is left of a model's rows. */
export interface Sifted {
  /** SQL: the rows that stay. */
  readonly kept: string;
  readonly takenOut: TakenOut;
  /** All of them stay. */
  readonly isWhole: boolean;
}

/** Whether anything is taken out of a model at all. */
export function sifts({ since, rules, keepLatestBy }: ModelPlan): boolean {
  return since !== undefined || keepLatestBy !== undefined || (rules?.length ?? 0) > 0;
}

/**
 * Takes out of a model's rows, which stand with their numbers in a relation of its name: what is older than was asked for;
 * then what breaks its rules; then, of rows with one key, all but the latest. An invalid version of a row is thus never the
 * one that stays.
 *
 * @param keep puts the quarantined rows away: the query that gives them
 */
export async function sift(
  session: Session,
  model: ModelPlan,
  keep: (rejected: string) => Promise<void>,
): Promise<Sifted> {
  const { name, since, rules } = model;
  const going = await RowsThatGo.none(session, name);
  const filtered = since ? await going.take(rowsBefore(going.left, since)) : 0;
  const reasons = rules ? await quarantineRows(session, name, rules, going, keep) : [];
  let deduplicated = 0;
  if (model.keepLatestBy) {
    const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${identifier(name)}`);
    for (const older of olderRows(
      going.left,
      ROW,
      model,
      columns.map(({ column_name: column }) => column),
    ))
      deduplicated += await going.take(older);
  }
  const isWhole = filtered + deduplicated === 0 && reasons.length === 0;
  const rows = isWhole ? identifier(name) : going.left;
  return {
    kept: `SELECT * EXCLUDE (${ROW}) FROM ${rows}`,
    takenOut: { filtered, deduplicated, reasons },
    isWhole,
  };
}

/** A row that does not say when it changed may have changed just now. */
function rowsBefore(rows: string, { column, from }: NonNullable<ModelPlan['since']>): string {
  return `SELECT ${ROW} FROM ${rows} WHERE ${identifier(column)} < CAST(${literal(from)} AS TIMESTAMP WITH TIME ZONE)`;
}
