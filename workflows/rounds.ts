import { continueAsNew, sleep } from '@temporalio/workflow';
import type { Plan } from './definition/index.ts';
import type { StageProgress } from './progress.ts';
import type { RunRequest } from './run-request.ts';
import { workflowTime, workflowTimeIn } from './workflow-time.ts';

/** What is shown of a run that waits for its time. */
export function waitingStage({ notBefore }: RunRequest): StageProgress[] {
  if (notBefore === undefined) return [];
  return [{ stage: 'wait', slice: `until ${notBefore}`, activityId: 'wait', state: 'running' }];
}

/** Waits for a run's time. Its plan is made afterwards, so that it sees what holds then. */
export async function untilDue({ notBefore }: RunRequest): Promise<void> {
  if (notBefore === undefined) return;
  const left = Date.parse(notBefore) - workflowTime().getTime();
  if (left > 0) await sleep(left);
}

/**
 * Begins the next round of a pipeline that looks again and again for what waits: a run of its own, with a receipt of its own.
 * Returns where there is none.
 */
export async function nextRound(request: RunRequest, plan: Plan | undefined): Promise<void> {
  const seconds = plan?.drain?.pollSeconds;
  if (seconds === undefined) return;
  await continueAsNew({ ...request, notBefore: workflowTimeIn(seconds) });
}
