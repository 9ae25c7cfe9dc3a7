import type { Client, WorkflowHandle, WorkflowStartOptions } from '@temporalio/client';
import type { RunRequest } from '../../workflows/run-request.ts';
import { workflowIdOf } from '../../workflows/run-request.ts';

/** A run that is open now: started just now, or met. */
export interface OpenRun {
  /** Bound to this one run, so that a later one of the same name is never taken for it. */
  readonly handle: WorkflowHandle;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly met: boolean;
}

/** Starts a run, or finds the one that is open. */
export async function startOrMeet(client: Client, taskQueue: string, request: RunRequest): Promise<OpenRun> {
  const { PIPELINE, ENVIRONMENT, OUTCOME } = await import('../../workflows/search-attributes.ts');
  return startOnce(client, 'runPipeline', {
    taskQueue,
    workflowId: workflowIdOf(request),
    args: [request],
    staticSummary: `${request.pipeline} in ${request.environment}`,
    typedSearchAttributes: [
      { key: PIPELINE, value: request.pipeline },
      { key: ENVIRONMENT, value: request.environment },
      { key: OUTCOME, value: 'running' },
    ],
  });
}

/** Starts a workflow, or finds the one that is open: Temporal lets one of an id be open at a time. */
export async function startOnce(client: Client, type: string, options: WorkflowStartOptions): Promise<OpenRun> {
  const { WorkflowExecutionAlreadyStartedError } = await import('@temporalio/client');
  const { workflowId } = options;
  for (;;) {
    try {
      const { firstExecutionRunId: runId } = await client.workflow.start(type, {
        ...options,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
      return { ...boundTo(client, workflowId, runId), startedAt: new Date(), met: false };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const { runId, startTime, status } = await client.workflow.getHandle(workflowId).describe();
    // It may have ended since; then the next try starts one.
    if (status.name !== 'RUNNING') continue;
    return { ...boundTo(client, workflowId, runId), startedAt: startTime, met: true };
  }
}

/** The run that another went on as. */
export function followingRun(client: Client, { workflowId }: OpenRun, runId: string): OpenRun {
  return { ...boundTo(client, workflowId, runId), startedAt: new Date(), met: false };
}

function boundTo(client: Client, workflowId: string, runId: string): Pick<OpenRun, 'handle' | 'workflowId' | 'runId'> {
  return { handle: client.workflow.getHandle(workflowId, runId, { followRuns: false }), workflowId, runId };
}
