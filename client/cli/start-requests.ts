import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { RunRequest } from '../../workflows/run-request.ts';
import { tellParent } from './background.ts';
import { carryRun, type CarriedRun } from './carry-run.ts';
import { openSession, type CommandSession } from './command-session.ts';
import { worst, EXIT, type ExitCode } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import { openScreen, type Screen } from './screen.ts';
import { showEnds } from './show-ends.ts';

/** How runs are started and shown. */
export interface Starting {
  /** Start and leave. */
  readonly detach: boolean;
  /** Join a run that somebody else looks after. */
  readonly wait: boolean;
  readonly json: boolean;
  /** How one would type the same command again. */
  readonly again: string;
  /** Arguments of this program that do the same, none left to npm or to defaults; without `--detach`. */
  readonly plain: readonly string[];
  /** What is open may not be what was asked: it is seen to its end, and then another is started. */
  readonly afresh?: boolean;
  /** How the ends are shown. Default: by their receipts. */
  readonly show?: typeof showEnds;
}

/** Starts runs and shows them to their end. Several go side by side; the worst of them decides the exit status. */
export async function startRequests(
  settings: EnvironmentSettings,
  requests: readonly RunRequest[],
  starting: Starting,
): Promise<ExitCode> {
  if (starting.detach) {
    const { startDetached } = await import('./detach.ts');
    return startDetached(settings, requests, starting);
  }
  const interrupts = listenForInterrupts();
  const screen = await openScreen(process.stderr);
  let session: CommandSession | undefined;
  try {
    session = await openSession(settings, (line) => screen.say(line));
    if (interrupts.signal.aborted) return EXIT.interrupted;
    const ends = await carryAll(session, settings, requests, starting, screen, interrupts.signal);
    screen.end();
    const { show = showEnds } = starting;
    await show(ends, { settings, engine: session.engine, json: starting.json, again: starting.again });
    return worst(ends.map(({ exitCode }) => exitCode));
  } finally {
    screen.end();
    await session?.close();
    interrupts.stopListening();
  }
}

async function carryAll(
  session: CommandSession,
  settings: EnvironmentSettings,
  requests: readonly RunRequest[],
  { wait, afresh = false, json, again, show = showEnds }: Starting,
  screen: Screen,
  signal: AbortSignal,
): Promise<CarriedRun[]> {
  // Before anything is opened: whoever meets one of these runs can then see that it is looked after.
  await session.ensureWorker();
  const { taskQueue } = settings.temporal;
  return Promise.all(
    requests.map((request) =>
      carryRun(session, {
        request,
        taskQueue,
        wait,
        afresh,
        screen,
        signal,
        opened: (run) =>
          tellParent({ pipeline: request.pipeline, workflowId: run.workflowId, runId: run.runId, met: run.met }),
        ended: (round) => show([round], { settings, engine: session.engine, json, again }),
      }),
    ),
  );
}
