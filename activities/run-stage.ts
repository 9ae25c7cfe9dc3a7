import { Context } from '@temporalio/activity';
import { describeFailure, translateFailure } from './failure/translate.ts';
import type { Progress, Work } from './progress.ts';
import { stageChannel } from './stage-channel.ts';

/** Well under a stage's heartbeat timeout, so that a worker is missed soon and never by mistake. */
const BEAT_MS = 1_000;

/** The thin edge between Temporal and a stage's library code: heartbeats with progress, cancellation, words for failures. */
export async function runStage<Result>(stage: string, run: (work: Work) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const { activityId, attempt, workflowExecution } = context.info;
  const about = { stage, activityId, attempt, workflowId: workflowExecution?.workflowId };

  let latest: Progress | undefined;
  const beat = (): void => context.heartbeat(latest);
  const timer = setInterval(beat, BEAT_MS);
  const work: Work = {
    signal: context.cancellationSignal,
    report: (progress) => {
      latest = progress;
      stageChannel.publish({ ...about, phase: 'progress', progress });
      beat();
    },
  };
  stageChannel.publish({ ...about, phase: 'start', progress: undefined });
  try {
    const result = await run(work);
    stageChannel.publish({ ...about, phase: 'end', progress: latest });
    return result;
  } catch (error) {
    const failure = translateFailure(error);
    stageChannel.publish({ ...about, phase: 'end', progress: latest, failure: describeFailure(failure) });
    throw failure;
  } finally {
    clearInterval(timer);
  }
}
