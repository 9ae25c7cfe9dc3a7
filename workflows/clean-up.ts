import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { CleanUpActivities, CleanUpRequest, CleanUpSummary } from './clean-up-contract.ts';
import { LONG } from './retry.ts';

const activities = proxyActivities<CleanUpActivities>(LONG);

/** Removes from the lake what is older than its retention. Whatever is killed on the way, it goes on where it was. */
export async function cleanUp(request: CleanUpRequest): Promise<CleanUpSummary> {
  const { runId, runStartTime } = workflowInfo();
  const summary = request.dryRun ? 'Count what no receipt needs any more' : 'Remove what no receipt needs any more';
  return activities.cleanUp.executeWithOptions({ activityId: 'clean-up', summary }, [
    { ...request, runId, at: runStartTime.toISOString() },
  ]);
}
