import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { writeReceipt, type ReceiptSettings } from './write-receipt.ts';

export type { ReceiptSettings };

export function receiptActivity(settings: ReceiptSettings): Stages['receipt'] {
  return (request) => runStage('receipt', (work) => writeReceipt(request, settings, work));
}
