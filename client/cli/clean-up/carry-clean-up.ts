import { cleanUpIdOf, type CleanUpRequest, type CleanUpSummary } from '../../../workflows/clean-up-contract.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import { CommandError, exitCodeOfFailure } from '../command-error.ts';
import type { CommandSession } from '../command-session.ts';
import { runLink, type Say } from '../connect-engine.ts';
import { EXIT } from '../exit-codes.ts';
import { startOnce, type OpenRun } from '../open-run.ts';
import { endOfFailure, workflowEnd } from '../run-end.ts';
import { typedCommand } from '../shell-words.ts';

/**
 * Runs a clean-up to its end. One that is open and that nobody works on any more is ended first.
 *
 * @throws CommandError: exit 4 while somebody else's is open, 130 when it was cancelled, else as the failure says
 */
export async function carryCleanUp(
  session: CommandSession,
  settings: EnvironmentSettings,
  request: CleanUpRequest,
  signal: AbortSignal,
  say: Say,
): Promise<CleanUpSummary> {
  for (;;) {
    const open = await openCleanUp(session, settings, request);
    if (open.met && (await session.worksElsewhere())) throw alreadyOpen(session, open);
    if (open.met) say(`carrying on the clean-up of ${open.startedAt.toISOString()}; no worker was left to do it`);
    const summary = await stay(open, signal);
    if (!open.met) return summary;
  }
}

async function openCleanUp(
  { client }: CommandSession,
  { temporal }: EnvironmentSettings,
  request: CleanUpRequest,
): Promise<OpenRun> {
  const { ENVIRONMENT } = await import('../../../workflows/search-attributes.ts');
  return startOnce(client, 'cleanUp', {
    taskQueue: temporal.taskQueue,
    workflowId: cleanUpIdOf(request),
    args: [request],
    staticSummary: `Clean-up of ${request.environment}${request.dryRun ? ', dry run' : ''}`,
    typedSearchAttributes: [{ key: ENVIRONMENT, value: request.environment }],
  });
}

async function stay({ handle }: OpenRun, signal: AbortSignal): Promise<CleanUpSummary> {
  const cancel = (): void => void handle.cancel().catch(() => undefined);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const end = await workflowEnd<CleanUpSummary>(handle, new AbortController().signal);
    if (end && 'result' in end) return end.result;
    const { outcome, failure } = endOfFailure(end && 'failure' in end ? end.failure : undefined);
    if (outcome === 'cancelled') {
      throw new CommandError(
        EXIT.interrupted,
        'The clean-up was cancelled; what has gone is gone, all else is as it was.\n  to do: start it again when you like',
      );
    }
    throw new CommandError(
      exitCodeOfFailure(failure?.type),
      failure?.message ?? 'The clean-up ended without saying why.',
    );
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function alreadyOpen({ engine }: CommandSession, { workflowId, runId, startedAt }: OpenRun): CommandError {
  const link = runLink(engine, workflowId, runId) ?? workflowId;
  return new CommandError(
    EXIT.alreadyRunning,
    [
      `A clean-up is open since ${startedAt.toISOString()}, and a worker looks after it.`,
      `  where: ${link}`,
      `  to do: wait for its end, then: ${typedCommand(['clean-up', '--dry-run'])}`,
    ].join('\n'),
  );
}
