import { openLake } from '../../../activities/lake/lake.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import type { RunDifference } from '../../../workflows/difference.ts';
import type { CarriedRun } from '../carry-run.ts';
import { readReceipt, receiptPlace } from '../receipt.ts';
import { showEnds, type Showing } from '../show-ends.ts';
import { colorsFor } from '../terminal.ts';
import { differenceText } from './difference-text.ts';
import { differenceVerdict } from './difference-verdict.ts';

/** Prints what a replay found; one that failed before it could compare ends as any run does. */
export async function showDifference(ends: readonly CarriedRun[], showing: Showing): Promise<void> {
  const [carried] = ends;
  const told = carried && (await readDifference(carried, showing));
  if (!told) return showEnds(ends, showing);
  const { receipt, difference, uri } = told;
  const { run, replay, checks, accounted, error } = receipt;
  if (showing.json) {
    const document = { ...difference, pipeline: run.pipeline, outcome: run.outcome, accounted, checks, error };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const place = receiptPlace(replay?.difference ?? '', folder);
  const verdict = differenceVerdict(receipt, difference, { again: showing.again, receipt: receiptPlace(uri, folder) });
  process.stdout.write(`${[...differenceText(difference, place, colorsFor(process.stdout)), verdict].join('\n')}\n`);
}

async function readDifference(
  { end }: CarriedRun,
  { settings: { lake } }: Showing,
): Promise<{ readonly receipt: Receipt; readonly difference: RunDifference; readonly uri: string } | undefined> {
  if (end?.receipt === undefined) return undefined;
  const receipt = await readReceipt(end.receipt, lake);
  const uri = receipt.replay?.difference ?? null;
  if (uri === null) return undefined;
  return { receipt, difference: JSON.parse(await openLake(lake).readText(uri)) as RunDifference, uri: end.receipt };
}
