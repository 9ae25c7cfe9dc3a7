import type { TablePlan } from '../../../workflows/definition/index.ts';
import { DELETED_AT } from './missing.ts';
import { VERSION } from './scd2.ts';

/** Columns that a mode keeps in a table beside those of the load. */
export function ownColumns({ mode, missing = 'soft' }: Pick<TablePlan, 'mode' | 'missing'>): readonly string[] {
  if (mode === 'scd2') return Object.values(VERSION);
  return mode === 'delete-missing' && missing === 'soft' ? [DELETED_AT] : [];
}
