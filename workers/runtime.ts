import { DefaultLogger, Runtime, type LogEntry, type RuntimeOptions } from '@temporalio/worker';
import { AcequiaError } from '../activities/failure/acequia-error.ts';
import { METRICS } from '../activities/worker-metrics.ts';

let forward: ((entry: LogEntry) => void) | undefined;

/**
 * Sets up what all workers of a process share: the SDK's log, which a later worker takes over, and the endpoint of the
 * metrics, which the first one decides on.
 *
 * @param metrics `IP:port` to serve them at, as `/metrics` for Prometheus; default: nowhere
 * @throws AcequiaError `DefinitionInvalid` where that address cannot be had
 */
export function installRuntime(log: (entry: LogEntry) => void, metrics?: string): void {
  const isInstalled = forward !== undefined;
  forward = log;
  if (isInstalled) return;
  try {
    Runtime.install({
      logger: new DefaultLogger('WARN', (entry) => forward?.(entry)),
      telemetryOptions: {
        // Left to itself, the native part writes its log to standard output, where `--json` prints one document and no more.
        logging: { forward: {}, filter: 'warn' },
        ...(metrics ? { metrics: prometheus(metrics) } : {}),
      },
      shutdownSignals: [],
    });
  } catch (error) {
    forward = undefined;
    throw metrics ? cannotServe(metrics, error) : error;
  }
}

type MetricsOptions = NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']>;

function prometheus(bindAddress: string): MetricsOptions {
  const { name, buckets } = METRICS.processingSeconds;
  return {
    prometheus: { bindAddress, useSecondsForDurations: true, histogramBucketOverrides: { [name]: [...buckets] } },
  };
}

function cannotServe(address: string, cause: unknown): AcequiaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const isTaken = /address already in use/i.test(why);
  return new AcequiaError('DefinitionInvalid', {
    what: isTaken
      ? `Another program listens on ${address}, where the metrics are to be served.`
      : `The metrics cannot be served at ${address}.`,
    where: 'ACEQUIA_METRICS',
    why,
    remedy: 'set ACEQUIA_METRICS to a free port of this machine, such as 127.0.0.1:9465, or unset it',
    cause,
  });
}
