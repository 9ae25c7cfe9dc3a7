import type { RunRequest } from '../../workflows/run-request.ts';
import type { CommandSession } from './command-session.ts';
import { exitCodeOfError, exitCodeOfFailure } from './command-error.ts';
import { runLink } from './connect-engine.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.ts';
import { followingRun, startOrMeet, type OpenRun } from './open-run.ts';
import type { RunEnd } from './run-end.ts';
import type { Screen } from './screen.ts';
import { watchRun } from './watch-run.ts';

/** One pipeline's part in a command, at its end. */
export interface CarriedRun {
  readonly pipeline: string;
  readonly exitCode: ExitCode;
  readonly run?: OpenRun;
  /** How the run ended; absent when this command did not stay to see it. */
  readonly end?: RunEnd;
  /** What went wrong outside the run. */
  readonly error?: unknown;
}

export interface Carrying {
  readonly request: RunRequest;
  readonly taskQueue: string;
  /** Join a run that somebody else looks after. */
  readonly wait: boolean;
  /** After an open run that was met another is started. */
  readonly afresh: boolean;
  readonly screen: Screen;
  /** The first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly opened: (run: OpenRun) => void;
  /** Hears of a run that has ended and that another goes on after. */
  readonly ended?: (carried: CarriedRun) => Promise<void>;
}

/** Starts one run, or takes up the one that is open, and stays with it to its end. Problems are part of what it returns. */
export async function carryRun(session: CommandSession, carrying: Carrying): Promise<CarriedRun> {
  const { request, screen, signal } = carrying;
  const { pipeline } = request;
  // Asked anew each time: between two questions lies a whole run.
  const interrupted = (): boolean => signal.aborted;
  if (interrupted()) return { pipeline, exitCode: EXIT.interrupted };
  let run: OpenRun | undefined;
  try {
    run = await startOrMeet(session.client, carrying.taskQueue, request);
    const ours = !run.met || !(await session.worksElsewhere());
    carrying.opened(run);
    const link = runLink(session.engine, run.workflowId, run.runId);
    const since = `started at ${run.startedAt.toISOString()}`;
    if (!ours && !carrying.wait) {
      screen.say(`${pipeline}: already running, ${since}, and a worker looks after it`);
      return { pipeline, exitCode: EXIT.alreadyRunning, run };
    }
    if (!ours) screen.say(`${pipeline}: joining the open run ${since}`);
    else if (run.met) screen.say(`${pipeline}: carrying on the open run ${since}; no worker was left to do it`);
    if (link) screen.say(`${pipeline}: ${link}`);
    let carried = await stay(session, carrying, run, ours);
    for (let next = carried.end?.next; next !== undefined; next = carried.end?.next) {
      await carrying.ended?.(carried);
      run = followingRun(session.client, run, next);
      carrying.opened(run);
      carried = await stay(session, carrying, run, ours);
    }
    const cancelled = carried.end?.outcome === 'cancelled';
    if (interrupted() || !ours || !run.met || !(cancelled || carrying.afresh)) return carried;
    // Somebody asked for the cancellation before and did not stay for it; this command was asked to run.
    screen.say(
      `${pipeline}: the open run ${cancelled ? 'had been cancelled and ' : ''}has ended now; starting another`,
    );
    return await carryRun(session, carrying);
  } catch (error) {
    return { pipeline, exitCode: exitCodeOfError(error), error, ...(run ? { run } : {}) };
  }
}

async function stay(session: CommandSession, carrying: Carrying, run: OpenRun, ours: boolean): Promise<CarriedRun> {
  const { pipeline } = carrying.request;
  const { screen, signal } = carrying;
  // A run of ours is cancelled and seen to its end; from one that was only joined we just turn away.
  const turnAway = ours ? new AbortController().signal : signal;
  const cancel = (): void => {
    screen.say(
      `${pipeline}: cancelling the run; Ctrl-C again leaves at once, and the next start ends this run and begins another`,
    );
    run.handle.cancel().catch((error: unknown) => screen.say(error instanceof Error ? error.message : String(error)));
  };
  if (ours && signal.aborted) cancel();
  else if (ours) signal.addEventListener('abort', cancel, { once: true });
  try {
    const end = await watchRun(run.handle, {
      pipeline,
      show: (snapshot) => screen.show(snapshot),
      lookAfter: () => session.ensureWorker(),
      signal: turnAway,
    });
    if (!end) return { pipeline, exitCode: EXIT.interrupted, run };
    return { pipeline, exitCode: codeOf(end), run, end };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function codeOf({ outcome, failure }: RunEnd): ExitCode {
  return failure ? exitCodeOfFailure(failure.type) : exitCodeOf(outcome);
}
