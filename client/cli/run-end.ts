import type { WorkflowHandle } from '@temporalio/client';
import type { RunResult } from '../../workflows/run-request.ts';
import type { Outcome } from '../../workflows/stages.ts';
import { pause } from './pause.ts';

/** How a run ended, as the server tells it. */
export interface RunEnd {
  readonly outcome: Outcome;
  /** URI of the receipt in the lake; absent when none could be written. */
  readonly receipt?: string;
  /** The run that goes on after this one, of its own accord: its id. What became of this one stands in its receipt. */
  readonly next?: string;
  /** Of a run that failed: the stable type and the words for people. */
  readonly failure?: { readonly type: string; readonly message: string };
}

const RETRY_MS = 500;
/** UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED: the server is away, and may come back. */
const AWAY = [14, 4, 1];

/** Waits for the run's end; ends only with the run or with `signal`. */
export async function runEnd(handle: WorkflowHandle, signal: AbortSignal): Promise<RunEnd | undefined> {
  const end = await workflowEnd<RunResult>(handle, signal);
  if (!end) return undefined;
  if ('next' in end) return { outcome: 'succeeded', next: end.next };
  return 'result' in end ? { outcome: end.result.outcome, receipt: end.result.receipt } : endOfFailure(end.failure);
}

/** Waits for a workflow's end, through a server that goes away and comes back; ends only with it or with `signal`. */
export async function workflowEnd<Result>(
  handle: WorkflowHandle,
  signal: AbortSignal,
): Promise<
  { readonly result: Result } | { readonly failure: Failure | undefined } | { readonly next: string } | undefined
> {
  const { WorkflowContinuedAsNewError, WorkflowFailedError, isGrpcServiceError } = await import('@temporalio/client');
  while (!signal.aborted) {
    try {
      return { result: (await handle.result()) as Result };
    } catch (error) {
      if (error instanceof WorkflowFailedError) return { failure: error.cause };
      if (error instanceof WorkflowContinuedAsNewError) return { next: error.newExecutionRunId };
      if (!isGrpcServiceError(error) || !AWAY.includes(error.code)) throw error;
      await pause(RETRY_MS, signal);
    }
  }
  return undefined;
}

interface Failure extends Error {
  readonly type?: string | null;
  readonly details?: readonly unknown[] | null;
}

/** Reads an end from the failure a run ended with. The receipt's place, where there is one, travels in its details. */
export function endOfFailure(cause: Failure | undefined): RunEnd {
  if (cause?.name === 'CancelledFailure') return { outcome: 'cancelled' };
  const result = cause?.details?.[0] as Partial<RunResult> | undefined;
  const innermost = innermostOf(cause);
  return {
    outcome: 'failed',
    ...(result?.receipt ? { receipt: result.receipt } : {}),
    failure: {
      type: innermost?.type ?? innermost?.name ?? 'Unexpected',
      message: innermost?.message || 'The run ended without saying why.',
    },
  };
}

function innermostOf(failure: Failure | undefined): Failure | undefined {
  return failure?.cause instanceof Error ? innermostOf(failure.cause) : failure;
}
