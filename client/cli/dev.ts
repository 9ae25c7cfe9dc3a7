import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { ServedApi } from '../api/serve.ts';
import { openSession, type CommandSession } from './command-session.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import { untilAborted } from './pause.ts';

/** `acequia dev`: server, worker and API, until Ctrl-C. `acequia worker`: the worker alone. */
export async function dev(environment: string, parts: { readonly withApi: boolean }): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const interrupts = listenForInterrupts();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let session: CommandSession | undefined;
  let served: ServedApi | undefined;
  const lost = new AbortController();
  try {
    session = await openSession(settings, say, () => lost.abort());
    const [, api] = await Promise.all([session.workHere(), parts.withApi ? tryServe(settings, say) : undefined]);
    served = api;
    const { address, uiUrl, namespace } = session.engine;
    const lines = [
      `Temporal   ${address}, namespace ${namespace}`,
      ...(uiUrl ? [`Web UI     ${uiUrl}`] : []),
      `worker     polls ${settings.temporal.taskQueue}`,
      ...(served
        ? [`API        ${served.url}`, ...served.views.map((path) => `           ${served?.url ?? ''}${path}`)]
        : []),
      ...(parts.withApi ? [`try        npm run start-workflow -- --env ${environment}`] : []),
      'Ctrl-C stops everything',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    await untilAborted(AbortSignal.any([interrupts.signal, lost.signal]));
    say('stopping: stages in hand may finish for some seconds, or are handed back; Ctrl-C again leaves at once');
  } finally {
    await served?.close();
    await session?.close();
    interrupts.stopListening();
  }
  process.stdout.write('stopped\n');
  // A supervisor starts it again; nobody should take a worker that is gone for one that was stopped.
  return lost.signal.aborted ? EXIT.failed : EXIT.done;
}

/** Server and worker are of use without the API: a port in use stops the API only. */
async function tryServe(
  settings: ReturnType<typeof resolveEnvironment>,
  say: (line: string) => void,
): Promise<ServedApi | undefined> {
  const { serveApi } = await import('../api/serve.ts');
  try {
    return await serveApi(settings);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say('the rest goes on without the API');
    return undefined;
  }
}
