import type { RunSnapshot } from '../../../client/cli/run-snapshot.ts';

/** Moments of one run as a worker told them: planning, reading, an attempt that broke off, the end. */
export const startedAt = Date.parse('2025-01-01T10:00:00.000Z');
const at = (ms: number): string => new Date(startedAt + ms).toISOString();
const run = { pipeline: 'sales', open: true, startedAt };

export const planning: RunSnapshot = {
  ...run,
  stages: [{ stage: 'plan', activityId: 'plan', state: 'running', startedAt: at(100) }],
  activities: [{ activityId: 'plan', attempt: 1, progress: { step: 'reading the definition' } }],
};

const planned = { stage: 'plan', activityId: 'plan', state: 'done', startedAt: at(100), finishedAt: at(400) } as const;
const reading = { stage: 'ingest', slice: 'ventas', activityId: 'ingest ventas', startedAt: at(400) } as const;

export const ingesting: RunSnapshot = {
  ...run,
  stages: [
    planned,
    { ...reading, state: 'running' },
    { stage: 'publish', slice: 'empresa.db', activityId: 'publish empresa.db', state: 'waiting' },
  ],
  activities: [
    {
      activityId: 'ingest ventas',
      attempt: 1,
      progress: { step: 'casting', rows: 2_000, bytes: 80_000, totalBytes: 214_000 },
    },
  ],
};

export const retrying: RunSnapshot = {
  ...ingesting,
  activities: [{ activityId: 'ingest ventas', attempt: 2, lastFailure: 'activity Heartbeat timeout' }],
};

export const ended: RunSnapshot = {
  ...run,
  open: false,
  stages: [
    planned,
    { ...reading, state: 'done', finishedAt: at(2_400), rows: 5_500, bytes: 214_000 },
    {
      stage: 'publish',
      slice: 'empresa.db',
      activityId: 'publish empresa.db',
      state: 'failed',
      startedAt: at(2_400),
      finishedAt: at(2_500),
    },
  ],
  activities: [],
};
