import type { ActivityOptions } from '@temporalio/workflow';

/**
 * One policy for every stage. Whether trying again can help is decided where an error is thrown (`activities/failure/`):
 * what cannot be helped by it arrives here as non-retryable. The attempts also cover workers that died.
 */
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 12,
} as const;

/** A worker that is silent for so long is taken for dead, and another attempt begins. Stages beat every second. */
const heartbeatTimeout = '8 seconds';

/** Stages that move data. */
export const LONG: ActivityOptions = { retry, heartbeatTimeout, startToCloseTimeout: '12 hours' };

/** Stages that finish what they have in hand when the run is cancelled: the run waits for them. */
export const FINISHING: ActivityOptions = { ...LONG, cancellationType: 'WAIT_CANCELLATION_COMPLETED' };

/** Stages that only read definitions or write a few lines. */
export const SHORT: ActivityOptions = { retry, heartbeatTimeout, startToCloseTimeout: '5 minutes' };
