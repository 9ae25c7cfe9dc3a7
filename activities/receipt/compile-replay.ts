import type { Receipt } from '../../workflows/receipt.ts';
import type { ReceiptRequest } from '../../workflows/stages.ts';

/** Which run a replay did once more, and what came out otherwise; null of a run. */
export function compileReplay({ run, compared }: ReceiptRequest): Receipt['replay'] {
  if (run.replayOf === undefined) return null;
  return { runId: run.replayOf, difference: compared?.difference ?? null, tables: compared?.tables ?? [] };
}

/** A receipt as it may stand: where a replay worked is gone when somebody reads it. */
export function withoutScratch(receipt: Receipt): Receipt {
  if (receipt.replay === null) return receipt;
  return {
    ...receipt,
    sources: receipt.sources.map((source) => ({ ...source, quarantine: null, report: null })),
    tables: receipt.tables.map((table) => ({ ...table, stored: [] })),
  };
}
