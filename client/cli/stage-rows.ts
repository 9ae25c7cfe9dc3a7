import type { RunSnapshot } from './run-snapshot.ts';

/** A stage with what its heartbeats add: what both screens show of it. */
export interface StageRow {
  readonly activityId: string;
  /** `ingest ventas` */
  readonly label: string;
  readonly state: 'waiting' | 'running' | 'retrying' | 'done' | 'failed';
  /** What is being done right now, from the heartbeat. */
  readonly step?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
  readonly elapsedMs?: number;
  /** From 2 on the work has begun again, and `cause` says why. */
  readonly attempt: number;
  readonly cause?: string;
}

/** @param now milliseconds since 1970 */
export function stageRows(snapshot: RunSnapshot, now: number): StageRow[] {
  const inFlight = new Map(snapshot.activities.map((activity) => [activity.activityId, activity]));
  return snapshot.stages.map((stage) => {
    const activity = stage.state === 'running' ? inFlight.get(stage.activityId) : undefined;
    const rows = stage.rows ?? activity?.progress?.rows;
    const bytes = stage.bytes ?? activity?.progress?.bytes;
    const startedAt = stage.startedAt === undefined ? undefined : Date.parse(stage.startedAt);
    const until = stage.finishedAt === undefined ? now : Date.parse(stage.finishedAt);
    const attempt = activity?.attempt ?? 1;
    return {
      activityId: stage.activityId,
      label: stage.slice === undefined ? stage.stage : `${stage.stage} ${stage.slice}`,
      state: attempt > 1 ? 'retrying' : stage.state,
      attempt,
      ...(activity?.progress ? { step: activity.progress.step } : {}),
      ...(rows === undefined ? {} : { rows }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(activity?.progress?.totalBytes === undefined ? {} : { totalBytes: activity.progress.totalBytes }),
      ...(startedAt === undefined ? {} : { elapsedMs: Math.max(0, until - startedAt) }),
      ...(attempt > 1 && activity?.lastFailure ? { cause: activity.lastFailure } : {}),
    };
  });
}
