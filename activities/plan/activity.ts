import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { makeCopyPlan } from './copy-plan.ts';
import { makePlan, type PlanSettings } from './make-plan.ts';
import { makeReplayPlan } from './replay-plan.ts';

/** Plans are made from the definitions on the worker's disk, so that a schedule carries only a name. */
export function planActivity(settings: PlanSettings): Stages['plan'] {
  return (request) =>
    runStage('plan', (work) => {
      const { run, options } = request;
      const { copy, replayOf } = options;
      if (replayOf) return makeReplayPlan(request, replayOf, settings, work);
      return copy
        ? makeCopyPlan(run.pipeline, copy, options, run.startedAt, settings, work.signal)
        : makePlan(run.pipeline, options, run.startedAt, settings, work);
    });
}
