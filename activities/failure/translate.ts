import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { AcequiaError, FAILURES } from './acequia-error.ts';

/**
 * The one place where errors become Temporal failures. The failure's `type` is the error's; whether it is tried again
 * was decided where it was thrown. Causes are left out: a driver's own message may hold a person's data, and history keeps it.
 */
export function translateFailure(error: unknown): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof AcequiaError) {
    return ApplicationFailure.create({
      message: error.message,
      type: error.type,
      nonRetryable: FAILURES[error.type] === 'terminal',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    message: `Something unexpected happened: ${maskValues(message)}`,
    type: 'Unexpected',
    nonRetryable: false,
  });
}

/** Quoted text in a driver's message is often a value from the data. */
export function maskValues(message: string): string {
  return message.replace(/'(?:[^'\n]){1,400}'/g, "'…'").replace(/\\?"(?:[^"\n]){1,400}\\?"/g, '"…"');
}
