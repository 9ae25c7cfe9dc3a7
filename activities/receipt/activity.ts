import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { writeReceipt } from './write-receipt.ts';

/** `lake`: where the receipt of a run goes that failed before it had a plan. */
export function receiptActivity(settings: { readonly lake: string }): Stages['receipt'] {
  return (request) => runStage('receipt', (work) => writeReceipt(request, settings.lake, work));
}
