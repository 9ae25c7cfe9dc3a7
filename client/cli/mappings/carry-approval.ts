import { createHash } from 'node:crypto';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import {
  reviewIdOf,
  type Approval,
  type ApprovalRequest,
  type ReviewRequest,
} from '../../../workflows/mappings-contract.ts';
import { CommandError, exitCodeOfFailure } from '../command-error.ts';
import type { CommandSession } from '../command-session.ts';
import { EXIT } from '../exit-codes.ts';
import { endOfFailure } from '../run-end.ts';

/**
 * Has a mapping approved and waits for what comes of it. The review is started where none is open; the same approval, typed again
 * while it goes on, joins it.
 *
 * @throws CommandError: 2 for what is refused, 130 when it was interrupted, else as the failure says
 */
export async function carryApproval(
  { client }: CommandSession,
  { temporal }: EnvironmentSettings,
  review: ReviewRequest,
  approval: ApprovalRequest,
  signal: AbortSignal,
): Promise<Approval> {
  const { WithStartWorkflowOperation } = await import('@temporalio/client');
  const { PIPELINE, ENVIRONMENT } = await import('../../../workflows/search-attributes.ts');
  const workflowId = reviewIdOf(review);
  const start = new WithStartWorkflowOperation('reviewMappings', {
    taskQueue: temporal.taskQueue,
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [review],
    staticSummary: `Mappings of ${review.pipeline} in ${review.environment}`,
    typedSearchAttributes: [
      { key: PIPELINE, value: review.pipeline },
      { key: ENVIRONMENT, value: review.environment },
    ],
  });
  const cancel = (): void => {
    client.workflow
      .getHandle(workflowId)
      .cancel()
      .catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await client.workflow.executeUpdateWithStart<never, Approval, [ApprovalRequest]>('approve', {
      args: [approval],
      updateId: createHash('sha256').update(JSON.stringify(approval)).digest('hex').slice(0, 16),
      startWorkflowOperation: start as never,
    });
  } catch (error) {
    if (signal.aborted) throw interrupted();
    throw asCommandError(error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function interrupted(): CommandError {
  return new CommandError(
    EXIT.interrupted,
    'Interrupted; records that are rows by now stay so, all others wait.\n  to do: type the same command again',
  );
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return error;
  const { outcome, failure } = endOfFailure(error.cause);
  if (outcome === 'cancelled' || failure?.type === 'Cancelled') return interrupted();
  return new CommandError(exitCodeOfFailure(failure?.type), failure?.message ?? error.message);
}
