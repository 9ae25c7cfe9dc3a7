import type { KeyObject } from 'node:crypto';
import { receiptKey, signatureOf, type Receipt, type ReceiptReading } from '../../workflows/receipt.ts';
import type { CheckDetail, CheckReport, ReceiptReference, ReceiptRequest } from '../../workflows/stages.ts';
import type { UploadedFile } from '../../workflows/upload.ts';
import { duckdbVersion } from '../duckdb/session.ts';
import type { SourceReport } from '../ingest/staging/source-report.ts';
import { openLake, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { compileReceipt, type LakeDetails } from './compile-receipt.ts';
import { readingOf } from './reading.ts';
import { receiptMarkdown } from './receipt-markdown.ts';
import { signReceipt } from './signature.ts';
import { metricsPath, writeMetrics } from './write-metrics.ts';
import packageJson from '../../package.json' with { type: 'json' };

const VERSIONS: Receipt['versions'] = { acequia: packageJson.version, duckdb: duckdbVersion(), node: process.version };

/** The part of a worker's settings that decides where receipts go and who signs them. */
export interface ReceiptSettings {
  /** Where the receipt of a run goes that failed before it had a plan. */
  readonly lake: string;
  /** ed25519, private. Without it receipts are not signed. */
  readonly signingKey?: KeyObject;
}

/**
 * Writes the receipt as JSON and Markdown under `receipts/<pipeline>/<run id>`. Where it is signed, the signature is there
 * before the JSON is: nobody finds a receipt that still waits for it. Run twice, it writes the same bytes.
 */
export async function writeReceipt(
  request: ReceiptRequest,
  settings: ReceiptSettings,
  work: Work,
): Promise<ReceiptReference> {
  const lake = openLake(request.plan?.lake ?? settings.lake);
  work.report({ step: 'closing the sums' });
  const receipt = compileReceipt(request, await readDetails(request, lake, work), VERSIONS);
  const markdown = receiptMarkdown(receipt);
  const key = receiptKey(request.run);
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  await lake.writeText(key.replace(/json$/, 'md'), `${markdown}\n`);
  if (settings.signingKey) {
    const signature = signReceipt(text, settings.signingKey);
    await lake.writeText(signatureOf(key), `${JSON.stringify(signature, null, 2)}\n`);
  }
  const { metrics } = receipt;
  if (request.plan && metrics) await writeMetrics(metricsPath(request.plan.out), metrics);
  const uri = await lake.writeText(key, text);
  return { uri, accounted: receipt.accounted, markdown };
}

async function readDetails(
  { checks, validated = [], sources, uploaded }: ReceiptRequest,
  lake: Lake,
  work: Work,
): Promise<LakeDetails> {
  const readings = new Map<string, ReceiptReading>();
  for (const { report } of sources) {
    work.signal.throwIfAborted();
    readings.set(report, readingOf(JSON.parse(await lake.readText(report)) as SourceReport));
  }
  return {
    checks: checks ? await detailsOf(checks, lake) : [],
    validated: (await Promise.all(validated.map((one) => detailsOf(one, lake)))).flat(),
    readings,
    ...(uploaded ? { uploads: JSON.parse(await lake.readText(uploaded.list)) as UploadedFile[] } : {}),
  };
}

async function detailsOf({ report }: CheckReport, lake: Lake): Promise<CheckDetail[]> {
  return JSON.parse(await lake.readText(report)) as CheckDetail[];
}
