import { Context } from '@temporalio/activity';
import { translateFailure } from './failure/translate.ts';
import { withinObjectScope } from './objects/copies/object-scope.ts';
import type { WorkerMetrics } from './worker-metrics.ts';
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
    metrics: metricsBy(context.metricMeter),
    report: (progress) => {
      latest = progress;
      stageChannel.publish({ ...about, phase: 'progress', progress });
      beat();
    },
  };
  stageChannel.publish({ ...about, phase: 'start', progress: undefined });
  try {
    return await withinObjectScope(work.signal, () => run(work));
  } catch (error) {
    throw translateFailure(error);
  } finally {
    stageChannel.publish({ ...about, phase: 'end', progress: latest });
    clearInterval(timer);
  }
}

/** The SDK keeps one metric for each name, however often it is asked for. */
function metricsBy(meter: Context['metricMeter']): WorkerMetrics {
  return {
    count: ({ name, unit, description }, by, tags) => meter.createCounter(name, unit, description).add(by, tags),
    observe: ({ name, unit, description }, value, tags) =>
      meter.createHistogram(name, 'float', unit, description).record(value, tags),
  };
}
