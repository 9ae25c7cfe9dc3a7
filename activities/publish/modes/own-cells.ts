import type { TablePlan } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';
import { DELETED_AT } from './missing.ts';
import { instantText } from './instant.ts';
import { VERSION } from './scd2.ts';

const INSTANT = 'TIMESTAMP WITH TIME ZONE';

/**
 * The columns that a mode keeps beside those of the load, with what stands in them for a row that is new.
 *
 * @param requestedAt ISO instant
 * @param hold how the destination holds a type
 */
export function ownCells(
  { mode, missing = 'soft' }: TablePlan,
  requestedAt: string,
  hold: (name: string, type: string) => LoadColumn,
): LoadColumn[] {
  const cell = (name: string, type: string, value: string | undefined): LoadColumn => {
    const held = hold(name, type).type;
    return { name, type: held, expression: `CAST(${value ?? 'NULL'} AS ${held})` };
  };
  if (mode === 'scd2')
    return [
      cell(VERSION.from, INSTANT, literal(instantText(requestedAt))),
      cell(VERSION.to, INSTANT, undefined),
      cell(VERSION.current, 'BOOLEAN', 'true'),
    ];
  return mode === 'delete-missing' && missing === 'soft' ? [cell(DELETED_AT, INSTANT, undefined)] : [];
}

/** What tells versions of one key apart. */
export function ownKey({ mode }: Pick<TablePlan, 'mode'>): string[] {
  return mode === 'scd2' ? [VERSION.from] : [];
}
