import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { pino, type Logger } from 'pino';
import type { StageEvent } from '../activities/stage-channel.ts';

/** A worker's structured log: one JSON object a line, appended to a file. */
export interface WorkerLog {
  readonly logger: Logger;
  close(): void;
}

/**
 * Opens the log of a worker and writes down each stage it runs: when it began, how it ended, how long it took, how much
 * it moved. Counts, names and error types only; no rows.
 */
export function openWorkerLog(path: string, environment: string): WorkerLog {
  // Synchronous: what a killed worker did last is what one wants to read.
  const destination = pino.destination({ dest: path, mkdir: true, sync: true });
  const logger = pino(
    { base: { pid: process.pid, environment }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  const begun = new Map<string, number>();

  const onStage = (message: unknown): void => {
    const { phase, stage, activityId, attempt, workflowId, progress, failure } = message as StageEvent;
    const about = { workflowId, stage, activityId, attempt };
    const key = `${workflowId ?? ''} ${activityId}`;
    if (phase === 'start') {
      begun.set(key, performance.now());
      logger.info(about, 'stage began');
    }
    if (phase !== 'end') return;
    const ms = Math.round(performance.now() - (begun.get(key) ?? performance.now()));
    begun.delete(key);
    if (failure) logger.error({ ...about, ms, failure }, 'stage failed');
    else logger.info({ ...about, ms, rows: progress?.rows, bytes: progress?.bytes }, 'stage ended');
  };
  subscribe('acequia:stage', onStage);
  return {
    logger,
    close: () => {
      unsubscribe('acequia:stage', onStage);
      destination.end();
    },
  };
}
