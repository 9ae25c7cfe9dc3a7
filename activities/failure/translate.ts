import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { AcequiaError, FAILURES } from './acequia-error.ts';
import { maskQuoted, maskSecrets } from './mask.ts';

/** DuckDB's names for a statement that cannot run as it is written: no other attempt writes it otherwise. */
const WRONG_STATEMENT = /^(?:Parser|Syntax|Binder|Catalog) Error: /;

/**
 * The one place where errors become Temporal failures. The failure's `type` is the error's; whether it is tried again
 * was decided where it was thrown; what nobody foresaw is, but for a wrong statement. Causes are left out: a driver's own message may hold a person's data, and history keeps it.
 */
export function translateFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const failure = translated(error);
  origins.set(failure, error);
  return failure;
}

/** What was translated to which failure. Temporal, and so history, does not come to see it. */
const origins = new WeakMap<Error, unknown>();

/** The error that a failure was made of; the failure itself where it was not translated. For the logs of this process. */
export function originOf(failure: unknown): unknown {
  return failure instanceof Error ? (origins.get(failure) ?? failure) : failure;
}

function translated(error: unknown): ApplicationFailure {
  if (error instanceof AcequiaError) {
    return ApplicationFailure.create({
      message: maskSecrets(error.message),
      type: error.type,
      nonRetryable: FAILURES[error.type] === 'terminal',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    message: `Something unexpected happened: ${maskSecrets(maskQuoted(message))}`,
    type: 'Unexpected',
    nonRetryable: WRONG_STATEMENT.test(message),
  });
}

/** The stable type of a translated failure and its first line, for logs. */
export function describeFailure(failure: Error): { type: string; message: string } {
  const type = failure instanceof ApplicationFailure ? (failure.type ?? 'Unexpected') : failure.name;
  return { type, message: failure.message.split('\n')[0] ?? '' };
}
