import { Worker, type LogEntry } from '@temporalio/worker';
import { sweepScratchFolders } from '../activities/scratch-folder.ts';
import { createActivities, type ActivitySettings } from '../activities/index.ts';
import type { EventLogSettings } from '../infra/settings/observation-settings.ts';
import { workflowBundle } from './bundle-workflows.ts';
import { connectWorker } from './connect.ts';
import { activityEvents } from './events/activity-events.ts';
import { eventLog } from './events/event-log.ts';
import { installRuntime } from './runtime.ts';
import { openWorkerLog } from './worker-log.ts';

export interface WorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: ActivitySettings;
  /** Absolute path of the log of the SDK's warnings; lines are appended. */
  readonly logFile: string;
  readonly environment: string;
  /** Lets go of what the activities have taken hold of, once none of them runs any more. */
  readonly release: () => Promise<void>;
  /** Hears what the SDK has to log, from `WARN` up, besides the log file. */
  readonly log: (entry: LogEntry) => void;
  /** Default: no event log is written. */
  readonly events?: EventLogSettings;
  /** `IP:port` at which the metrics of this process are served. Default: nowhere. */
  readonly metrics?: string;
  /** Shows a line to people. */
  readonly say: (line: string) => void;
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
  installRuntime((entry) => {
    workerLog.logger[entry.level === 'ERROR' ? 'error' : 'warn']({ sdk: entry.meta?.sdkComponent }, entry.message);
    options.log(entry);
  }, options.metrics);
  const [connection, codePath] = await Promise.all([connectWorker(options.address), workflowBundle()]);
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    workflowBundle: { codePath },
    activities: createActivities(options.activities),
    interceptors: {
      activity: options.events ? [activityEvents(options.environment, eventLog(options.events, options.say))] : [],
    },
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
