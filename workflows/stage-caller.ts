import { proxyActivities } from '@temporalio/workflow';
import { FINISHING, LONG, SHORT } from './retry.ts';
import type { RunProgress, StageCounts } from './run-progress.ts';
import { stageId } from './stage-id.ts';
import type { Stages } from './stages.ts';

const { plan, positions, receipt, alert, discard } = proxyActivities<Stages>(SHORT);
const { snapshot, ingest, transform, check, publish, upload, compare } = proxyActivities<Stages>(LONG);
const { drain, tally, review } = proxyActivities<Stages>(FINISHING);
const moving = { snapshot, ingest, drain, tally, review, transform, check, publish, upload, compare };
const activities = { plan, positions, ...moving, receipt, alert, discard };

/** Where and how a stage shows in the Web UI and on the screen. */
export interface StageLabel<Name extends keyof Stages> {
  readonly stage: Name;
  /** The source or destination it is about. */
  readonly slice?: string;
  /** One line that says what it does. */
  readonly summary: string;
}

type Request<Name extends keyof Stages> = Parameters<Stages[Name]>[0];
type Result<Name extends keyof Stages> = Awaited<ReturnType<Stages[Name]>>;
/** What the activities have in common once their names no longer matter. */
interface Callable {
  executeWithOptions(options: object, args: readonly unknown[]): Promise<unknown>;
}

export type StageCaller = <Name extends keyof Stages>(
  label: StageLabel<Name>,
  request: Request<Name>,
  counts?: (result: Result<Name>) => StageCounts,
) => Promise<Result<Name>>;

/** Calls stages as activities with a readable id and summary, and keeps `progress` up to date. */
export function stageCaller(progress: RunProgress): StageCaller {
  return <Name extends keyof Stages>(
    { stage, slice, summary }: StageLabel<Name>,
    request: Request<Name>,
    counts: (result: Result<Name>) => StageCounts = () => ({}),
  ) => {
    const activityId = stageId(stage, slice);
    const activity = activities[stage] as Callable;
    return progress.follow(
      activityId,
      () => activity.executeWithOptions({ activityId, summary }, [request]) as Promise<Result<Name>>,
      counts,
    );
  };
}
