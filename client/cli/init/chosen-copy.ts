import { sep } from 'node:path';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { CopyOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { destinationWord } from '../copy/destination.ts';
import { counted } from '../figures.ts';
import { fitting } from '../key-list.ts';
import { correctionsFolder } from '../quarantine/put-correction-aside.ts';
import { findRun, receiptsOf, shortId, storedRuns } from '../runs/stored-runs.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { typedCommand } from '../shell-words.ts';

/** A copy, and what became of it. */
export interface CopyRun {
  readonly receipt: Receipt;
  readonly copy: CopyOptions;
}

/** A newer copy that is not taken unless it is named. */
export interface LeftAside extends CopyRun {
  readonly why: string;
  /** Whether a file of it was read, so that a pipeline can be made of it all the same. */
  readonly usable: boolean;
}

export interface ChosenCopy extends CopyRun {
  /** Of each copy the last run, the newest first. */
  readonly leftAside: readonly LeftAside[];
}

/**
 * The copy that a pipeline is made of: the one that is named, or the last one that was published whole. Replays of corrected
 * rows are no copies of their own.
 *
 * @param name of the pipeline to make
 * @throws CommandError (exit 2) where there is none
 */
export async function chooseCopy(
  name: string,
  run: string | undefined,
  settings: EnvironmentSettings,
): Promise<ChosenCopy> {
  if (run !== undefined) return named(await findRun(run, settings));
  const leftAside: LeftAside[] = [];
  const runs = (await storedRuns(settings)).filter(({ pipeline }) => pipeline.startsWith('copy-'));
  for await (const receipt of receiptsOf(runs, settings)) {
    const { copy } = receipt.run.options ?? {};
    if (!copy || isReplay(receipt, copy, settings)) continue;
    const why = whyNot(receipt);
    if (why === undefined) return { receipt, copy, leftAside };
    if (leftAside.some((one) => one.receipt.run.pipeline === receipt.run.pipeline)) continue;
    leftAside.push({ receipt, copy, why, usable: isUsable(receipt) });
  }
  throw nonePublished(name, settings, leftAside);
}

function named(receipt: Receipt): ChosenCopy {
  const { copy } = receipt.run.options ?? {};
  if (copy && isUsable(receipt)) return { receipt, copy, leftAside: [] };
  throw usageError(
    `Run ${shortId(receipt.run.runId)} of ${receipt.run.pipeline} is no copy of which files were read.`,
    'name a copy: npm run acequia -- init <name> --from-run=<run id>',
  );
}

function nonePublished(name: string, { name: environment }: EnvironmentSettings, leftAside: readonly LeftAside[]) {
  const [last] = leftAside;
  if (!last) {
    return usageError(
      `No copy of the environment "${environment}" has been published yet.`,
      "copy something first: npm run acequia -- copy ventas.csv 'duckdb:out.duckdb?table=ventas'",
    );
  }
  const usable = leftAside.find((one) => one.usable);
  return usageError(
    `No copy of the environment "${environment}" has been published whole yet. The last one, ${copyText(last)}: ${last.why}.`,
    `mend that, and copy again${usable ? `; or take it as it is: ${takeCommand(name, usable)}` : ''}`,
  );
}

/** `/in/ventas.csv -> duckdb:/out.duckdb, run 1a2b3c4d of 2025-01-31 10:00:00` */
export function copyText({ receipt: { run }, copy: { from, to } }: CopyRun): string {
  const files = fitting(
    from.map((path) => terminalText(path, 200)),
    ', ',
    160,
    (left) => `and ${left} more`,
  );
  const when = run.startedAt.slice(0, 19).replace('T', ' ');
  return `${files} -> ${terminalText(destinationWord(to), 220)}, run ${shortId(run.runId)} of ${when}`;
}

export function takeCommand(name: string, { receipt }: CopyRun): string {
  return typedCommand(['init', name, `--from-run=${shortId(receipt.run.runId)}`]);
}

/** What of a run could not be read, in one line each. */
export function unreadLines({ sources }: Receipt): string[] {
  return sources.flatMap(({ uri, error }) =>
    error ? [`${terminalText(uri, 200)}: ${terminalText(error.message.split('\n')[0] ?? '', 300)}`] : [],
  );
}

/** Why a copy is not what somebody means who names none; `undefined` for one that was published whole. */
function whyNot({ run, sources, error }: Receipt): string | undefined {
  if (run.options?.validateOnly) return 'it was to be checked only';
  const unread = sources.filter((source) => source.error !== null).length;
  switch (run.outcome) {
    case 'succeeded':
    case 'warned':
      return undefined;
    case 'failed':
      return unread > 0
        ? `${counted(unread, 'file')} could not be read`
        : `it failed: ${error?.message.split('\n')[0] ?? 'nobody knows why'}`;
    case 'blocked':
      return 'a check stopped it before anything was published';
    case 'cancelled':
    case 'skipped':
      return `it was ${run.outcome}`;
  }
}

function isUsable({ sources }: Receipt): boolean {
  return sources.some(({ report }) => report !== null);
}

function isReplay({ run }: Receipt, { from }: CopyOptions, settings: EnvironmentSettings): boolean {
  const aside = correctionsFolder(settings) + sep;
  return run.options?.corrections !== undefined || from.every((path) => path.startsWith(aside));
}
