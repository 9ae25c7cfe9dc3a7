import type { RetainedPart } from '../../workflows/definition/index.ts';
import { receiptKey, type Receipt, type ReceiptTable } from '../../workflows/receipt.ts';
import type { LandedFile, LakeUri } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { landingKey, type Lake } from '../lake/lake.ts';
import { landedFiles, type ReportedFile } from '../lake/landed-files.ts';
import { removedByRetention } from '../lake/removed-by-retention.ts';

/** What a run that has ended had read, as far as it is needed to read it again. */
export interface PastRun {
  readonly receipt: PastReceipt;
  /** URI of the receipt. */
  readonly uri: LakeUri;
  /** Sources that were read, in the receipt's order. */
  readonly sources: readonly PastSource[];
}

export interface PastSource {
  readonly name: string;
  /** The path or pattern that its files were named by. */
  readonly uri: string;
  readonly files: readonly LandedFile[];
}

/** As it was written: by an earlier release it may not say where published rows are kept. */
type PastReceipt = Pick<Receipt, 'run' | 'sources'> & {
  readonly tables: readonly (Pick<ReceiptTable, 'name' | 'destination'> & Partial<Pick<ReceiptTable, 'stored'>>)[];
};

/** The part of a source's report that names its files. */
interface Report {
  readonly files: readonly ReportedFile[];
}

/**
 * Reads what a run has left: receipt, reports, landed bytes, the rows that it published. All that is needed later counts as
 * written now, so that no clean-up takes it away meanwhile.
 *
 * Errors: `ReceiptUnreadable`; `SourceMissing` for what retention, or somebody, has removed.
 */
export async function readPastRun(pipeline: string, runId: string, lake: Lake): Promise<PastRun> {
  const uri = lake.uriOf(receiptKey({ pipeline, runId }));
  const receipt = await readReceipt(lake, uri);
  const sources: PastSource[] = [];
  for (const { name, uri: path, report } of receipt.sources) {
    if (report === null) continue;
    await claim(lake, receipt, keyOf(lake, report), `the report on how ${name} was read`);
    const { files } = JSON.parse(await lake.readText(report)) as Report;
    const corrections = receipt.run.options?.corrections?.[name] ?? [];
    const landed = landedFiles(
      lake,
      files,
      corrections.map((correction) => correction.path),
    );
    for (const file of landed) await claim(lake, receipt, landingKey(file.digest), file.name, ['landing']);
    sources.push({ name, uri: path, files: landed });
  }
  for (const { name, destination, stored = [] } of receipt.tables) {
    if (destination === null) continue;
    const what = `the rows of ${name} as they were published`;
    for (const rows of stored) await claim(lake, receipt, keyOf(lake, rows), what, ['staging']);
  }
  return { receipt, uri, sources };
}

async function readReceipt(lake: Lake, uri: LakeUri): Promise<PastReceipt> {
  try {
    const receipt = JSON.parse(await lake.readText(uri)) as Omit<Receipt, 'version'> & { readonly version: unknown };
    if (receipt.version === 1) return receipt;
    throw new Error(`its version is ${String(receipt.version)}; 1 is expected`);
  } catch (cause) {
    throw new AcequiaError('ReceiptUnreadable', {
      what: 'The receipt of the run that is to be replayed cannot be read.',
      where: uri,
      why: cause instanceof Error ? cause.message : String(cause),
      remedy: 'take it from a backup, or replay another run',
      cause,
    });
  }
}

/** The key of what a URI of this lake names. */
function keyOf(lake: Lake, uri: LakeUri): string {
  return decodeURIComponent(uri.slice(lake.uriOf('').replace(/\/?$/, '/').length));
}

async function claim(
  lake: Lake,
  { run }: PastReceipt,
  key: string,
  what: string,
  parts?: readonly RetainedPart[],
): Promise<void> {
  if (await lake.claim(key)) return;
  const removal = await removedByRetention(lake, run.finishedAt, parts);
  throw new AcequiaError('SourceMissing', {
    what: removal
      ? `Retention has removed ${what} of run ${run.runId}, which ended on ${run.finishedAt.slice(0, 10)}: it went with the clean-up of ${removal.at} (ACEQUIA_RETENTION was ${removal.retention}).`
      : `The lake has no longer ${what} of run ${run.runId}, and no clean-up has removed it.`,
    where: lake.uriOf(key),
    remedy: removal ? 'replay a younger run; the receipt stays' : 'put the file back, or replay another run',
  });
}
