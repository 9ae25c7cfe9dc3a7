import { openLake } from '../../../activities/lake/lake.ts';
import { removedByRetention } from '../../../activities/lake/removed-by-retention.ts';
import type { RetainedPart } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { shortId } from './stored-runs.ts';

/** Something that a run has left in the lake. */
export interface LeftBehind {
  /** What it is, for people: `the quarantined rows of ventas`. */
  readonly what: string;
  readonly uri: string;
  /** The parts whose retention it is kept by. Default: the longest of all, as for what tells how files were read. */
  readonly parts?: readonly RetainedPart[];
}

/**
 * What a receipt names is still in the lake.
 *
 * @throws CommandError (exit 1) that says when retention has removed it, or that nobody knows where it is
 */
export async function requireInLake(
  { what, uri, parts }: LeftBehind,
  { run }: Pick<Receipt, 'run'>,
  lakeUri: string,
): Promise<void> {
  const lake = openLake(lakeUri);
  if (await lake.holds(uri)) return;
  const of = `${what} of run ${shortId(run.runId)}, which ended on ${run.finishedAt.slice(0, 10)}`;
  const removal = await removedByRetention(lake, run.finishedAt, parts);
  throw new CommandError(
    EXIT.failed,
    removal
      ? `Retention has removed ${of}: it went with the clean-up of ${removal.at} (ACEQUIA_RETENTION was ${removal.retention}).\n  to do: run it again where its files are still there; the receipt stays`
      : `The lake has no longer ${of}, and no clean-up has removed it.\n  where: ${uri}\n  to do: put the file back, or run it again`,
  );
}
