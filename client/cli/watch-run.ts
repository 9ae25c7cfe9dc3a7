import type { WorkflowHandle } from '@temporalio/client';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';
import { pause } from './pause.ts';
import { runEnd, type RunEnd } from './run-end.ts';
import { LAST_QUERY_TIMEOUT_MS, readSnapshot, type RunSnapshot } from './run-snapshot.ts';

export interface Watching {
  readonly pipeline: string;
  readonly show: (snapshot: RunSnapshot) => void;
  /** Called every ten seconds: is there still a worker that does the work? */
  readonly lookAfter: () => Promise<unknown>;
  /** Ends the watching, not the run. */
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 250;
const LOOK_AFTER_EVERY_MS = 10_000;
/** A server that restarts is back within this time; the SDK's own retries are part of it. */
const SILENCE_LIMIT_MS = 20_000;

/**
 * Shows a run until it ends.
 *
 * @returns how it ended, or `undefined` when `signal` ended the watching first
 * @throws CommandError (exit 6) when the server stays silent
 */
export async function watchRun(handle: WorkflowHandle, watching: Watching): Promise<RunEnd | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, watching.signal]);
  try {
    // Looking ends by silence alone; the run's end and `signal` end it through `over`.
    const end = await Promise.race([runEnd(handle, signal), aborted(watching.signal), look(handle, watching, signal)]);
    if (end) await showLast(handle, watching);
    return end;
  } finally {
    over.abort();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Shows the run again and again until `signal` aborts; fails when the server has been silent for too long. */
async function look(handle: WorkflowHandle, watching: Watching, signal: AbortSignal): Promise<undefined> {
  let latest: RunSnapshot | undefined;
  let heard = Date.now();
  let lookedAfter = Date.now();
  // Asked anew each time: an await lies between two looks.
  const over = (): boolean => signal.aborted;
  while (!over()) {
    try {
      latest = await readSnapshot(handle, watching.pipeline, latest);
      heard = Date.now();
      if (!over()) watching.show(latest);
      if (Date.now() - lookedAfter > LOOK_AFTER_EVERY_MS) {
        await watching.lookAfter();
        lookedAfter = Date.now();
      }
    } catch (cause) {
      if (Date.now() - heard > SILENCE_LIMIT_MS && !over()) throw lost(cause);
    }
    await pause(LOOK_EVERY_MS, signal);
  }
  return undefined;
}

async function showLast(handle: WorkflowHandle, watching: Watching): Promise<void> {
  const last = await readSnapshot(handle, watching.pipeline, undefined, LAST_QUERY_TIMEOUT_MS).catch(() => undefined);
  if (last && last.stages.length > 0) watching.show(last);
}

function lost(cause: unknown): CommandError {
  return new CommandError(
    EXIT.engineUnreachable,
    [
      `The Temporal server has not answered for ${SILENCE_LIMIT_MS / 1_000} seconds.`,
      `  why:   ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
      '  to do: bring the server back, then run the same command again: the run is open and carries on where it was',
    ].join('\n'),
    { cause },
  );
}
