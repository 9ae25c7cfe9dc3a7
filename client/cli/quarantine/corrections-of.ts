import type { Correction } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';

/** The files with corrected rows of a source that a run took beside its own. */
export function correctionsOf({ run }: Pick<Receipt, 'run'>, source: string): readonly Correction[] {
  return run.options?.corrections?.[source] ?? [];
}
