import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { LoadRecord } from '../database/ledger-row.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { instantText } from '../modes/instant.ts';
import { DELETED_AT } from '../modes/missing.ts';
import { VERSION } from '../modes/scd2.ts';

const INSTANT = 'TIMESTAMP WITH TIME ZONE';

/**
 * A condition over `there`: rows that were in force once a load was there. Of a table with versions those of that moment,
 * as it keeps them all; of any other those of now.
 *
 * @param at when the load was asked for, ISO instant
 */
export function inForceAt({ mode }: TablePlan, columns: readonly ThereColumn[], at: string): string {
  const held = [VERSION.to, DELETED_AT].filter((name) => columns.some((column) => column.name === name));
  if (mode !== 'scd2' || !held.includes(VERSION.to))
    return held.map((name) => `there.${identifier(name)} IS NULL`).join(' AND ') || 'true';
  const moment = `CAST(${literal(instantText(at))} AS ${INSTANT})`;
  const instant = (name: string): string => `TRY_CAST(there.${identifier(name)} AS ${INSTANT})`;
  return `${instant(VERSION.from)} <= ${moment} AND (there.${identifier(VERSION.to)} IS NULL OR ${instant(VERSION.to)} > ${moment})`;
}

/**
 * The load that has made all rows in force its own, if there is one: of those before it nothing is left to compare. A table
 * with versions keeps what it replaces.
 *
 * @param later those behind the load of the table that is looked at, in their order
 */
export function wholeLoad({ mode }: TablePlan, later: readonly LoadRecord[]): LoadRecord | undefined {
  const whole = ['replace', 'delete-missing', ...(mode === 'scd2' ? [] : ['scd2'])];
  return later.find((load) => whole.includes(load.mode));
}

/** Whether the table holds, in force, a load and nothing else. */
export function isWholeTable(
  { mode = 'replace', missing }: TablePlan,
  loads: readonly LoadRecord[],
  at: number,
): boolean {
  if (mode === 'scd2' && missing !== 'keep' && at >= 0) return true;
  if (at !== loads.length - 1) return false;
  if (mode === 'replace' || mode === 'delete-missing') return true;
  return loads.length === 1 && loads[0]?.made === true;
}
