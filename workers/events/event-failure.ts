import { ApplicationFailure } from '@temporalio/common';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { maskSecrets, maskValues } from '../../activities/failure/mask.ts';
import { describeFailure, originOf } from '../../activities/failure/translate.ts';
import type { EventFailure } from './activity-event.ts';

const MOST_CAUSES = 5;

/** What the event log says of the failure that an activity ended with. */
export function eventFailure(failure: unknown): EventFailure {
  const origin = originOf(failure);
  const error = failure instanceof Error ? failure : new Error('');
  const people = origin instanceof AcequiaError ? origin : undefined;
  return {
    ...describeFailure(error),
    class: classOf(origin),
    where: masked(people?.where),
    remedy: masked(people?.remedy),
    retryable: !(failure instanceof ApplicationFailure && failure.nonRetryable === true),
    causes: causesOf(origin),
  };
}

function masked(text: string | undefined): string | null {
  return text === undefined ? null : maskSecrets(text);
}

function causesOf(error: unknown): EventFailure['causes'] {
  const causes: EventFailure['causes'][number][] = [];
  for (let at = causeOf(error); at !== undefined && causes.length < MOST_CAUSES; at = causeOf(at)) {
    const message = at instanceof Error ? at.message : '';
    const code = at instanceof Error && 'code' in at ? String(at.code) : null;
    causes.push({ class: classOf(at), code, message: maskValues(message) });
  }
  return causes;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? (error.cause ?? undefined) : undefined;
}

function classOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
