import { usageError } from '../command-error.ts';

const DEFAULT_LIMIT = 20;

/** How many rows are shown, as `--limit` was typed. @throws CommandError (exit 2) for what is no number above 0 */
export function rowLimit(given: string | undefined): number {
  if (given === undefined) return DEFAULT_LIMIT;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw usageError(`--limit "${given}" is no number of rows.`, '--limit=100');
}
