import { createHash } from 'node:crypto';
import type { TablePlan } from '../../workflows/definition/index.ts';

/**
 * The identity of what is loaded: the table, its structure and what its rows are, or are made from. Never a clock, an
 * attempt or a mode, so that a retry, a reset or a second worker recognises in the ledger what is there already, and
 * the same rows are never appended twice.
 */
export function loadIdOf(pipeline: string, table: TablePlan, content: string): string {
  return createHash('sha256')
    .update(JSON.stringify([pipeline, table.name, table.columns, table.key, table.references, table.indexes, content]))
    .digest('hex')
    .slice(0, 32);
}
