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
  /** Aborted when the run is cancelled or the worker stops. Long work must end soon after, by throwing its reason. */
  readonly signal: AbortSignal;
}
