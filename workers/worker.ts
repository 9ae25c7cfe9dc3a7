import { DefaultLogger, Runtime, Worker, type LogEntry } from '@temporalio/worker';
import { sweepScratchFolders } from '../activities/scratch-folder.ts';
import { createActivities, type ActivitySettings } from '../activities/index.ts';
import { workflowBundle } from './bundle-workflows.ts';
import { connectWorker } from './connect.ts';
import { openWorkerLog } from './worker-log.ts';

export interface WorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: ActivitySettings;
  /** Absolute path of the structured log; lines are appended. */
  readonly logFile: string;
  readonly environment: string;
  /** Lets go of what the activities have taken hold of, once none of them runs any more. */
  readonly release: () => Promise<void>;
  /** Hears what the SDK has to log, from `WARN` up, besides the log file. */
  readonly log: (entry: LogEntry) => void;
}

/** A worker that polls. */
export interface RunningWorker {
  /** Ends when the worker has stopped; fails when it stopped by an error. */
  readonly finished: Promise<void>;
  /** Stops polling, lets stages finish for a short while, hands back those that did not, and disconnects. */
  stop(): Promise<void>;
}

/** How long stages may go on after a stop was asked; then they are cancelled and another worker takes them over. */
const GRACE = '5 seconds';
const FORCE = '15 seconds';

/** Starts a worker and returns once it polls. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  await sweepScratchFolders();
  const workerLog = openWorkerLog(options.logFile, options.environment);
  forwardSdkLog((entry) => {
    workerLog.logger[entry.level === 'ERROR' ? 'error' : 'warn']({ sdk: entry.meta?.sdkComponent }, entry.message);
    options.log(entry);
  });
  const [connection, codePath] = await Promise.all([connectWorker(options.address), workflowBundle()]);
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    workflowBundle: { codePath },
    activities: createActivities(options.activities),
    maxConcurrentActivityTaskExecutions: 4,
    maxConcurrentWorkflowTaskExecutions: 8,
    // Progress is shown live: heartbeats go out as they come, at most twice a second.
    maxHeartbeatThrottleInterval: '500 ms',
    defaultHeartbeatThrottleInterval: '500 ms',
    // A worker that was killed keeps its runs to itself for so long.
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
  });
  const finished = worker.run().finally(async () => {
    await options.release();
    await connection.close();
    workerLog.close();
  });
  return {
    finished,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished;
    },
  };
}

let forward: ((entry: LogEntry) => void) | undefined;

/** The SDK's native part takes one logger per process; a later worker of this process takes the log over. */
function forwardSdkLog(log: (entry: LogEntry) => void): void {
  const installed = forward !== undefined;
  forward = log;
  if (installed) return;
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => forward?.(entry)),
    // Left to itself, the native part writes its log to standard output, where `--json` prints one document and no more.
    telemetryOptions: { logging: { forward: {}, filter: 'warn' } },
    shutdownSignals: [],
  });
}
