import { openLake } from '../../activities/lake/lake.ts';
import type { Receipt } from '../../workflows/receipt.ts';

/** Reads a run's receipt from the lake. @throws when the lake cannot be read from this machine */
export async function readReceipt(uri: string, lake: string): Promise<Receipt> {
  const receipt = JSON.parse(await openLake(lake).readText(uri)) as Omit<Receipt, 'version'> & { version: unknown };
  if (receipt.version !== 1)
    throw new Error(`the receipt ${uri} has version ${String(receipt.version)}; this command reads version 1`);
  return { ...receipt, version: 1 };
}
