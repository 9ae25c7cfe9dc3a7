import { defineQuery } from '@temporalio/workflow';

/** One line of the run's screen: a stage, or one slice of it. */
export interface StageProgress {
  readonly stage: string;
  /** The source or destination a slice is about. */
  readonly slice?: string;
  readonly activityId: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly rows?: number;
  readonly bytes?: number;
  /** ISO instants of workflow time. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** The stages so far, in order. What is running tells more through its activity's heartbeat, under the same `activityId`. */
export const progressQuery = defineQuery<StageProgress[]>('progress');
