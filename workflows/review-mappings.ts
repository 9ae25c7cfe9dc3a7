import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DrainPlan } from './definition/index.ts';
import { approvalProblems } from './approval-problems.ts';
import type { Approval, ApprovalRequest, MappingActivities, ReviewRequest } from './mappings-contract.ts';
import { FINISHING, SHORT } from './retry.ts';
import { runErrorOf } from './run-error.ts';
import type { Stages } from './stages.ts';

const { plan } = proxyActivities<Stages>(SHORT);
const { keepMapping } = proxyActivities<MappingActivities>(SHORT);
const { redrive } = proxyActivities<MappingActivities>(FINISHING);

/** Approves a mapping. Refused are those that are none, and those that are not for the shape. */
export const approveUpdate = defineUpdate<Approval, [ApprovalRequest]>('approve');

/**
 * Takes the decisions of people about mappings, one after the other, and ends with the last one. Each is an update: whoever
 * decides hears what came of it, and whatever is killed on the way, it goes on where it was.
 */
export async function reviewMappings(request: ReviewRequest): Promise<void> {
  let decisions = 0;
  let before: Promise<unknown> = Promise.resolve();
  setHandler(
    approveUpdate,
    (approval) => {
      decisions += 1;
      const mine = before.then(() => approve(request, approval));
      before = mine.catch(() => undefined);
      return mine;
    },
    { validator: refuseUnsound },
  );
  try {
    await condition(() => decisions > 0 && allHandlersFinished());
  } finally {
    // A cancelled review ends once those who decided have heard of it.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

function refuseUnsound(approval: ApprovalRequest): void {
  const problems = approvalProblems(approval);
  if (problems.length > 0) throw invalid(`The mapping cannot be approved: ${problems.join('; ')}`);
}

async function approve(request: ReviewRequest, approval: ApprovalRequest): Promise<Approval> {
  const { id, version } = approval.mapping;
  const mapping = { id, version };
  // Of several approvals in one review each has an account of its own.
  const runId = `${workflowInfo().runId}/${currentUpdateInfo()?.id ?? ''}`;
  try {
    const drain = await drainOf(request);
    const { kept } = await keepMapping.executeWithOptions(
      { activityId: `keep ${id} ${version}`, summary: `Keep ${id}, version ${version}, as approved` },
      [{ ...approval, drain }],
    );
    const redriven = await redrive.executeWithOptions(
      { activityId: `redrive ${id} ${version}`, summary: `Take up again the records that ${id} is for` },
      [{ run: { pipeline: request.pipeline, runId }, drain, mapping }],
    );
    return { mapping, kept, redriven };
  } catch (error) {
    const { type, message } = runErrorOf(error);
    throw ApplicationFailure.create({ type, message, nonRetryable: true });
  }
}

/** What is drained as it is defined now: mappings are for its target. */
async function drainOf({ pipeline, environment }: ReviewRequest): Promise<DrainPlan> {
  const { workflowId, runId, firstExecutionRunId, runStartTime } = workflowInfo();
  const run = {
    ...{ pipeline, environment, workflowId, runId },
    rootRunId: firstExecutionRunId,
    startedAt: runStartTime.toISOString(),
  };
  const { drain } = await plan.executeWithOptions({ summary: `Resolve the definition of ${pipeline}` }, [
    { run, options: { once: true } },
  ]);
  if (!drain) throw invalid(`The pipeline ${pipeline} drains nothing: it has no mappings.`);
  return drain;
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'DefinitionInvalid', message, nonRetryable: true });
}
