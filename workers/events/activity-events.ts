import { CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { ActivityEvent, Attempt, Ended } from './activity-event.ts';
import { eventFailure } from './event-failure.ts';
import { hearProgress } from './hear-progress.ts';

type Info = Parameters<ActivityInterceptorsFactory>[0]['info'];

/** The interceptor that tells of every attempt at an activity when it begins and how it ends. `tell` never throws. */
export function activityEvents(environment: string, tell: (event: ActivityEvent) => void): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const heard = hearProgress(info);
        const begun = performance.now();
        const ended = (): Attempt & Ended => ({
          ...attemptOf(info, environment),
          durationMs: Math.round(performance.now() - begun),
          ...heard.latest(),
        });
        tell({ ...attemptOf(info, environment), event: 'started' });
        try {
          const result = await next(input);
          tell({ ...ended(), event: 'completed' });
          return result;
        } catch (error) {
          if (error instanceof CancelledFailure) tell({ ...ended(), event: 'cancelled', reason: error.message });
          else tell({ ...ended(), event: 'failed', failure: eventFailure(error) });
          throw error;
        } finally {
          heard.stop();
        }
      },
    },
  });
}

function attemptOf(info: Info, environment: string): Attempt {
  const { workflowExecution, workflowType, activityType, activityId, attempt, taskQueue } = info;
  return {
    time: new Date().toISOString(),
    environment,
    pid: process.pid,
    taskQueue,
    workflow: workflowType ?? null,
    workflowId: workflowExecution?.workflowId ?? null,
    runId: workflowExecution?.runId ?? null,
    activity: activityType,
    activityId,
    attempt,
  };
}
