import type { Client } from '@temporalio/client';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import { CommandError } from './command-error.ts';
import { connectEngine, type Engine, type Say } from './connect-engine.ts';
import { EXIT } from './exit-codes.ts';
import { otherLiveWorkers } from './pollers.ts';
import { ensureSearchAttributes } from './search-attributes.ts';

/** What a command holds while it works with Temporal: the server, a client, and a worker where one is needed. */
export interface CommandSession {
  readonly engine: Engine;
  readonly client: Client;
  /** Makes sure a worker does the work: another process's, or one here. Returns whether it is another's. */
  ensureWorker(): Promise<'elsewhere' | 'here'>;
  /** Starts the worker of this process and returns once it polls. Again where it has stopped by an error. */
  workHere(): Promise<void>;
  worksElsewhere(): Promise<boolean>;
  /** Hands back what the worker has in hand, closes the connection, lets the server go. */
  close(): Promise<void>;
}

/** @param workerLost told when the worker of this process has stopped by an error */
export async function openSession(
  settings: EnvironmentSettings,
  say: Say,
  workerLost: () => void = () => undefined,
): Promise<CommandSession> {
  // Modules load while an embedded server starts: the client's, and the worker's where that server was not up before.
  const [{ Client }, { SEARCH_ATTRIBUTES }, engine] = await Promise.all([
    import('@temporalio/client'),
    import('../../workflows/search-attributes.ts'),
    connectEngine(settings, say, () => loadWorkerMeanwhile(acquire(settings, say))),
  ]);
  const { namespace, connection } = engine;
  const { taskQueue } = settings.temporal;
  let worker: Promise<{ stop(): Promise<void> }> | undefined;
  let toldElsewhere = false;

  const workHere = async (): Promise<void> => {
    worker ??= start();
    await worker;
  };
  const start = async (): Promise<{ stop(): Promise<void> }> => {
    const { startInProcessWorker } = await import('./in-process-worker.ts');
    const started = await startInProcessWorker(settings, engine, say);
    started.finished.catch((error: unknown) => {
      worker = undefined;
      say(`the worker of this process has stopped: ${error instanceof Error ? error.message : String(error)}`);
      workerLost();
    });
    return started;
  };
  const worksElsewhere = async (): Promise<boolean> =>
    (await otherLiveWorkers(connection, namespace, taskQueue)).length > 0;
  const close = async (): Promise<void> => {
    await (await worker?.catch(() => undefined))?.stop().catch(() => undefined);
    await engine.release();
  };

  try {
    if (engine.kind !== 'embedded') {
      await ensureSearchAttributes(
        connection,
        namespace,
        SEARCH_ATTRIBUTES.map(({ name }) => name),
      );
    }
    return {
      engine,
      client: new Client({ connection, namespace }),
      workHere,
      worksElsewhere,
      ensureWorker: async () => {
        if (worker) return 'here';
        if (await worksElsewhere()) {
          if (!toldElsewhere) say(`a worker of another process polls ${taskQueue} and does the work`);
          toldElsewhere = true;
          return 'elsewhere';
        }
        toldElsewhere = false;
        say(`no worker polls ${taskQueue}; starting one in this process`);
        await workHere();
        return 'here';
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A server that is up answers within a moment, and then a worker may well be up with it. */
const UP_ALREADY_MS = 50;

async function loadWorkerMeanwhile<Server>(acquiring: Promise<Server>): Promise<Server> {
  let acquired = false;
  const noted = acquiring.finally(() => (acquired = true));
  const load = async (): Promise<void> => {
    await import('@temporalio/client');
    await new Promise((resolve) => setTimeout(resolve, UP_ALREADY_MS));
    if (!acquired) await import('./in-process-worker.ts');
  };
  // A failure shows where the worker is needed.
  load().catch(() => undefined);
  return noted;
}

async function acquire(settings: EnvironmentSettings, say: Say) {
  const [{ acquireEmbeddedServer }, { SEARCH_ATTRIBUTES }] = await Promise.all([
    import('../../infra/temporal/embedded-server.ts'),
    import('../../workflows/search-attributes.ts'),
  ]);
  try {
    return await acquireEmbeddedServer({
      environmentFolder: settings.folder,
      searchAttributes: SEARCH_ATTRIBUTES.map(({ name }) => name),
      onLost: (error) => say(error.message),
    });
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'EmbeddedServerError') throw cause;
    throw new CommandError(EXIT.engineUnreachable, cause.message, { cause });
  }
}
