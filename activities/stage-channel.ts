import { channel } from 'node:diagnostics_channel';
import type { Progress } from './progress.ts';

/** What a worker tells of each stage it runs, to whoever listens in its process. */
export interface StageEvent {
  readonly phase: 'start' | 'progress' | 'end';
  readonly stage: string;
  readonly activityId: string;
  readonly attempt: number;
  readonly workflowId: string | undefined;
  readonly progress: Progress | undefined;
}

/** Node's diagnostics channel `acequia:stage`; publishing costs nothing while nobody listens. */
export const stageChannel = channel('acequia:stage') as { publish(event: StageEvent): void };
