import { Context } from '@temporalio/activity';
import type { CleanUpActivities } from '../../workflows/clean-up-contract.ts';
import { runStage } from '../run-stage.ts';
import { cleanUp } from './clean-up.ts';

/** `lake`: the one that this worker's runs write to. */
export function cleanUpActivity(settings: { readonly lake: string }): CleanUpActivities['cleanUp'] {
  return (step) => runStage('clean-up', (work) => cleanUp(step, settings.lake, oldestOpenRun, work));
}

/** When the oldest run began that is open in the namespace, whatever its environment: lakes may be shared. */
async function oldestOpenRun(): Promise<Date | undefined> {
  let oldest: Date | undefined;
  const open = Context.current().client.workflow.list({
    query: `WorkflowType = 'runPipeline' AND ExecutionStatus = 'Running'`,
  });
  for await (const { startTime } of open) if (!oldest || startTime < oldest) oldest = startTime;
  return oldest;
}
