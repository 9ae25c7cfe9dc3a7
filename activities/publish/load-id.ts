import { createHash } from 'node:crypto';
import type { TablePlan } from '../../workflows/definition/index.ts';

/**
 * The identity of what is loaded: the table, its structure and the digest of its rows. Never a clock or an attempt, so
 * that a retry, a reset or a second worker recognises in the ledger what is there already.
 */
export function loadIdOf(pipeline: string, table: TablePlan, rowsDigest: string): string {
  return createHash('sha256')
    .update(
      JSON.stringify([pipeline, table.name, table.columns, table.key, table.references, table.indexes, rowsDigest]),
    )
    .digest('hex')
    .slice(0, 32);
}
