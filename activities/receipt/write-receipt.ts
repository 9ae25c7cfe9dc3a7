import { receiptKey, type Receipt } from '../../workflows/receipt.ts';
import type { CheckDetail, ReceiptReference, ReceiptRequest } from '../../workflows/stages.ts';
import { duckdbVersion } from '../duckdb/session.ts';
import { openLake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { compileReceipt } from './compile-receipt.ts';
import { receiptMarkdown } from './receipt-markdown.ts';
import packageJson from '../../package.json' with { type: 'json' };

const VERSIONS: Receipt['versions'] = { acequia: packageJson.version, duckdb: duckdbVersion(), node: process.version };

/** Writes the receipt as JSON and Markdown under `receipts/<pipeline>/<run id>`. */
export async function writeReceipt(
  request: ReceiptRequest,
  defaultLake: string,
  work: Work,
): Promise<ReceiptReference> {
  const lake = openLake(request.plan?.lake ?? defaultLake);
  work.report({ step: 'closing the sums' });
  const details = request.checks ? (JSON.parse(await lake.readText(request.checks.report)) as CheckDetail[]) : [];
  const receipt = compileReceipt(request, details, VERSIONS);
  const markdown = receiptMarkdown(receipt);
  const key = receiptKey(request.run);
  await lake.writeText(key.replace(/json$/, 'md'), `${markdown}\n`);
  const uri = await lake.writeText(key, `${JSON.stringify(receipt, null, 2)}\n`);
  return { uri, accounted: receipt.accounted, markdown };
}
