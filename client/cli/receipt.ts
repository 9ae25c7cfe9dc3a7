import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLake } from '../../activities/lake/lake.ts';
import { receiptKey, type Receipt } from '../../workflows/receipt.ts';
import { parseReceipt } from './receipt/parse-receipt.ts';

/** Reads a run's receipt from the lake. @throws when the lake cannot be read from this machine */
export async function readReceipt(uri: string, lake: string): Promise<Receipt> {
  return parseReceipt(await openLake(lake).readText(uri), uri);
}

/** The receipt of a run whose end does not say where it is, as that of one that was cancelled; `undefined` without any. */
export async function findReceipt(run: Parameters<typeof receiptKey>[0], lake: string): Promise<string | undefined> {
  const opened = openLake(lake);
  return (await opened.has(receiptKey(run))) ? opened.uriOf(receiptKey(run)) : undefined;
}

/** A receipt's place as one would type it: seen from the folder one stands in, where that is shorter. */
export function receiptPlace(uri: string, folder: string): string {
  if (!uri.startsWith('file:')) return uri;
  const path = fileURLToPath(uri);
  const seen = relative(folder, path);
  return seen.startsWith('..') ? path : seen;
}
