import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import { isPublished, type Receipt } from '../../../workflows/receipt.ts';
import type { RunRequest } from '../../../workflows/run-request.ts';
import { usageError } from '../command-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { requirePipelines } from '../known-names.ts';
import { rowLimit } from '../runs/row-limit.ts';
import { findRun, shortId } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { startRequests } from '../start-requests.ts';
import { showDifference } from './show-difference.ts';

export interface ReplayArguments {
  /** A run's id, `latest`, or a pipeline: its last run. */
  readonly run: string;
  readonly diff: boolean;
  /** `YYYY-MM-DD`. Default: the day that the run took for today. */
  readonly asOf: string | undefined;
  readonly limit: string | undefined;
  readonly environment: string;
  readonly json: boolean;
}

/**
 * `acequia replay --diff`: today's definition over the landed bytes of a past run, and the rows in which the result differs
 * from what was published then. Nothing is published.
 */
export async function replay(args: ReplayArguments): Promise<ExitCode> {
  const words = wordsOf(args);
  if (!args.diff) {
    throw usageError(
      "A replay runs today's definition on what a past run has read, and shows which rows differ; it publishes nothing.",
      `say so: ${typedCommand(words)}; to load corrected rows: ${typedCommand(['quarantine', 'replay'])}`,
    );
  }
  const examples = rowLimit(args.limit);
  const settings = resolveEnvironment(args.environment, process.env);
  const receipt = await findRun(args.run, settings);
  requireReplayable(receipt);
  if (!receipt.run.options?.copy) requirePipelines([receipt.run.pipeline], settings);
  return startRequests(settings, [replayRequest(receipt, args.asOf, examples, settings)], {
    ...{ detach: false, wait: false, json: args.json, afresh: true },
    ...{ again: typedCommand(words), plain: words, show: showDifference },
  });
}

/** The run that is started: asked the same as the past one was, but for what has to do with publishing. */
export function replayRequest(
  { run }: Pick<Receipt, 'run'>,
  asOf: string | undefined,
  examples: number,
  { name }: Pick<EnvironmentSettings, 'name'>,
): RunRequest {
  const { tables, corrections, copy } = run.options ?? {};
  const day = asOf ?? run.asOf;
  return {
    pipeline: run.pipeline,
    environment: name,
    options: {
      ...(day === null ? {} : { asOf: day }),
      ...(tables ? { tables } : {}),
      ...(corrections ? { corrections } : {}),
      ...(copy ? { copy } : {}),
      // Its files are as old as the run.
      anyAge: true,
      replayOf: { runId: run.runId, examples },
    },
  };
}

/** There must be something to compare with. @throws CommandError (exit 2) */
function requireReplayable(receipt: Receipt): void {
  const { run, tables, replay: of } = receipt;
  const what = `Run ${shortId(run.runId)} of ${run.pipeline}`;
  if (of) {
    throw usageError(
      `${what} is itself a replay, of run ${shortId(of.runId)}.`,
      typedCommand(['replay', shortId(of.runId), '--diff']),
    );
  }
  if (!isPublished(receipt)) {
    throw usageError(
      `${what} published nothing (${run.outcome}): there is nothing to compare with.`,
      'name a run that published',
    );
  }
  if (tables.some(({ destination, stored }) => destination !== null && stored.length === 0)) {
    throw usageError(
      `${what} was made by an earlier release, whose receipts do not say where the published rows are kept.`,
      'run it once more, and replay that run',
    );
  }
}

function wordsOf({ run, asOf, limit, environment, json }: ReplayArguments): string[] {
  return [
    ...['replay', run, '--diff', `--env=${environment}`],
    ...(asOf === undefined ? [] : [`--as-of=${asOf}`]),
    ...(limit === undefined ? [] : [`--limit=${limit}`]),
    ...(json ? ['--json'] : []),
  ];
}
