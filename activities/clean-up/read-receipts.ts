import type { Receipt, ReceiptTable } from '../../workflows/receipt.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Lake } from '../lake/lake.ts';

/** What a clean-up goes by. Receipts of earlier versions do not say where the rows of a table are stored. */
export type NamingReceipt = Pick<Receipt, 'run' | 'sources'> & {
  readonly tables: readonly Partial<Pick<ReceiptTable, 'stored' | 'quarantine'>>[];
};

/** Every receipt of the lake, one at a time. Errors: `ReceiptUnreadable` for the first that cannot be understood. */
export async function* readReceipts(lake: Lake): AsyncGenerator<NamingReceipt> {
  for await (const { key } of lake.walk('receipts')) {
    if (!key.endsWith('.json')) continue;
    yield asReceipt(await readJson(lake, key), lake.uriOf(key));
  }
}

/** JSON of the lake that says what is needed. Errors: `ReceiptUnreadable`. */
export async function readJson(lake: Lake, key: string): Promise<unknown> {
  const uri = lake.uriOf(key);
  try {
    return JSON.parse(await lake.readText(uri));
  } catch (cause) {
    throw unreadable(uri, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Nothing may be removed by a receipt that says less than it should. */
function asReceipt(json: unknown, uri: string): NamingReceipt {
  const receipt = json as Partial<Omit<Receipt, 'version'>> & { readonly version?: unknown };
  if (receipt.version !== 1) throw unreadable(uri, `its version is ${String(receipt.version)}; 1 is expected`);
  const { run, sources, tables } = receipt;
  const isWhole = run && !Number.isNaN(Date.parse(run.finishedAt)) && Array.isArray(sources) && Array.isArray(tables);
  if (!isWhole) throw unreadable(uri, 'it lacks what a receipt has: when its run ended, its sources, its tables');
  return { run, sources, tables };
}

export function unreadable(where: string, why: string, cause?: unknown): AcequiaError {
  return new AcequiaError('ReceiptUnreadable', {
    what: 'What a run needs cannot be known, so nothing is removed.',
    where,
    why,
    remedy:
      'put the file back as it was, or move it out of the lake with its receipt when nobody needs that run any more',
    cause,
  });
}
