import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { RunError } from './stages.ts';

/** The sentence for people inside a failure, and its stable type. */
export function runErrorOf(error: unknown): RunError {
  const stage = error instanceof ActivityFailure ? error.activityType : 'workflow';
  if (isCancellation(error)) return { type: 'Cancelled', message: 'The run was cancelled.', stage };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return { type: cause.type ?? 'Unexpected', message: cause.message, stage };
  if (cause instanceof TimeoutFailure) {
    return {
      type: 'TimedOut',
      message: `The stage ${stage} did not finish in its time, nor did any further attempt.`,
      stage,
    };
  }
  return { type: 'Unexpected', message: cause instanceof Error ? cause.message : String(cause), stage };
}
