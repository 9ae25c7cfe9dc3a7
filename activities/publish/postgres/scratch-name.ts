import { boundedName } from '../database/bounded-name.ts';

/** A name of ours that belongs to a table, which has at most 63 bytes as the table's own has. */
export function scratchName(kind: string, table: string): string {
  return boundedName(`_acequia ${kind} ${table}`);
}
