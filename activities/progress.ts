import type { WorkerMetrics } from './worker-metrics.ts';

/** How far a stage has come. Shown live and recorded with each heartbeat. */
export interface Progress {
  /** What is being done, in a few words: `reading`, `casting`, `writing`. */
  readonly step: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
}

/**
 * What library code is given by the activity around it, so that it can say how far it is and be stopped,
 * without knowing Temporal.
 */
export interface Work {
  report(progress: Progress): void;
  /** What a worker serves to Prometheus. Absent where no worker runs the stage. */
  readonly metrics?: WorkerMetrics;
  /** Aborted when the run is cancelled or the worker stops. Long work must end soon after, by throwing its reason. */
  readonly signal: AbortSignal;
}
