import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import { embeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import { activitySettings } from '../../workers/config.ts';
import { startWorker, type RunningWorker } from '../../workers/worker.ts';
import { alertLine } from './alert-line.ts';
import type { Engine, Say } from './connect-engine.ts';
import { ownIdentity, pollersOf } from './pollers.ts';

const SEEN_LIMIT_MS = 3_000;
/** The run's own screen, its receipt and its alert say the same with the cause. */
const TOLD_BY_THE_RUN = ['Activity failed', 'Workflow failed'];

/**
 * Starts a worker in this process and returns once the server has seen it poll: from then on, whoever meets one of its
 * runs can tell that it is looked after. The only file of the client that reaches into `workers/`.
 */
export async function startInProcessWorker(
  settings: EnvironmentSettings,
  engine: Engine,
  say: Say,
): Promise<RunningWorker> {
  const databases = embeddedDatabases(settings.folder);
  const worker = await startWorker({
    address: engine.address,
    namespace: engine.namespace,
    taskQueue: settings.temporal.taskQueue,
    environment: settings.name,
    logFile: join(settings.folder, 'logs', 'worker.log'),
    activities: activitySettings(settings, process.env, (alert) => say(alertLine(alert)), databases),
    release: () => databases.release(),
    events: settings.events,
    ...(settings.metrics ? { metrics: settings.metrics } : {}),
    say,
    // The rest stands in the log file: warnings of the SDK are no news for a person at the keyboard.
    log: ({ level, message }) => {
      if (level === 'ERROR' && !TOLD_BY_THE_RUN.includes(message)) say(`worker: error: ${brief(message)}`);
    },
  });
  // Whoever waits for the run hears of a broken worker through `finished`; until then it must not end the process.
  worker.finished.catch(() => undefined);
  await untilSeen(engine.connection, engine.namespace, settings.temporal.taskQueue);
  return worker;
}

async function untilSeen(connection: Connection, namespace: string, taskQueue: string): Promise<void> {
  for (const deadline = Date.now() + SEEN_LIMIT_MS; Date.now() < deadline;) {
    const pollers = await pollersOf(connection, namespace, taskQueue);
    if (pollers.some(({ identity }) => identity === ownIdentity())) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The SDK's native part logs whole protocol messages; the first words say what it is about. */
function brief(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
