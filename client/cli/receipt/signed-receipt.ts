import { checkSignature, type SignatureCheck } from '../../../activities/receipt/signature.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import { signatureOf } from '../../../workflows/receipt.ts';
import type { StoredRun } from '../runs/stored-runs.ts';

/** A receipt as its bytes stand in the lake, and what the signature beside it says of them. */
export interface SignedReceipt {
  readonly text: string;
  readonly signature: SignatureCheck;
}

/**
 * Reads a run's receipt and holds it against its signature. Where it lies is told by the run, not by the receipt: what was
 * changed may name another.
 */
export async function readSigned(
  run: StoredRun,
  { lake, receiptKeys }: Pick<EnvironmentSettings, 'lake' | 'receiptKeys'>,
): Promise<SignedReceipt> {
  const opened = openLake(lake);
  const text = await opened.readText(run.uri);
  const uri = signatureOf(run.uri);
  const signature = (await opened.holds(uri)) ? await opened.readText(uri) : undefined;
  return { text, signature: checkSignature(text, signature, receiptKeys.trusted) };
}
