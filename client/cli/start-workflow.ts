import { resolveEnvironment, type EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { RunOptions } from '../../workflows/definition/index.ts';
import { openSession, type CommandSession } from './command-session.ts';
import { worst, EXIT, type ExitCode } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import { tellParent } from './background.ts';
import { requirePipelines, requireTables } from './known-names.ts';
import { withOwnInbox } from './own-inbox.ts';
import { openScreen, type Screen } from './screen.ts';
import { showEnds } from './show-ends.ts';
import { carryRun, type CarriedRun } from './carry-run.ts';

export interface StartArguments {
  /** None: the environment's default set. */
  readonly pipelines: readonly string[];
  readonly environment: string;
  readonly options: RunOptions;
  readonly detach: boolean;
  readonly wait: boolean;
  readonly json: boolean;
  /** How one would type the same command again. */
  readonly again: string;
}

/** Runs pipelines and shows them to their end. Several run side by side; the worst of them decides the exit status. */
export async function startWorkflow(start: StartArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(start.environment, process.env);
  const pipelines = requirePipelines(start.pipelines, settings);
  requireTables(start.options, pipelines, settings);
  if (start.detach) {
    const { startDetached } = await import('./detach.ts');
    return startDetached(settings, pipelines, start);
  }
  const interrupts = listenForInterrupts();
  const screen = await openScreen(process.stderr);
  let session: CommandSession | undefined;
  try {
    session = await openSession(settings, (line) => screen.say(line));
    if (interrupts.signal.aborted) return EXIT.interrupted;
    const ends = await carryAll(session, settings, pipelines, start, screen, interrupts.signal);
    screen.end();
    await showEnds(ends, { settings, engine: session.engine, json: start.json, again: start.again });
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
  pipelines: readonly string[],
  { options, wait }: StartArguments,
  screen: Screen,
  signal: AbortSignal,
): Promise<CarriedRun[]> {
  // Before anything is opened: whoever meets one of these runs can then see that it is looked after.
  await session.ensureWorker();
  const { taskQueue } = settings.temporal;
  return Promise.all(
    pipelines.map(async (pipeline) =>
      carryRun(session, {
        request: {
          pipeline,
          environment: settings.name,
          options: await withOwnInbox(options, settings.pipelinesFolder, pipeline, process.env),
        },
        taskQueue,
        wait,
        screen,
        signal,
        opened: (run) => tellParent({ pipeline, workflowId: run.workflowId, runId: run.runId, met: run.met }),
      }),
    ),
  );
}
