import { CancellationScope } from '@temporalio/workflow';
import type { DrainPlan, Plan } from './definition/index.ts';
import type { DrainTally } from './drain-contract.ts';
import { drainedSource } from './drained-source.ts';
import type { RunAccount } from './run-account.ts';
import type { StageCaller } from './stage-caller.ts';
import type { Outcome, RunIdentity } from './stages.ts';
import { accountingOutcomes, guardOutcomes, judge } from './verdict.ts';

/**
 * Takes all that waits, source by source. What it came to is asked of the ledger at the end, also of a run that failed or was
 * cancelled: batches that were written count.
 */
export async function drainAll(
  run: RunIdentity,
  plan: Plan,
  drain: DrainPlan,
  account: RunAccount,
  stage: StageCaller,
): Promise<Outcome> {
  const about = { run, drain, lake: plan.lake };
  const begun: string[] = [];
  const drainOne = async (source: string): Promise<void> => {
    begun.push(source);
    for (let left = true; left;) {
      const drained = await stage(
        { stage: 'drain', slice: source, summary: `Take what waits in ${source}, batch by batch` },
        { ...about, source },
        ({ totals }) => ({ rows: totals.read }),
      );
      left = drained.left;
    }
  };
  const tally = (source: string): Promise<DrainTally> =>
    stage({ stage: 'tally', slice: source, summary: `Ask the ledger what became of ${source}` }, { ...about, source });
  try {
    for (const { name } of drain.from) await drainOne(name);
  } finally {
    await CancellationScope.nonCancellable(async () => {
      for (const source of begun) account.drained.push(await tally(source));
    });
  }
  // Plans of before the review had this look at what waits do not say so.
  if (drain.review) await reviewWaiting(run, drain, account, stage);
  const sources = account.drained.map(drainedSource);
  return judge([...guardOutcomes(sources), ...accountingOutcomes(sources, [])]).outcome;
}

async function reviewWaiting(
  run: RunIdentity,
  drain: DrainPlan,
  account: RunAccount,
  stage: StageCaller,
): Promise<void> {
  const { model } = await stage(
    { stage: 'review', summary: 'Look once more at the records that wait for a mapping' },
    { run, drain },
    ({ loaded }) => ({ rows: loaded }),
  );
  const [first] = account.drained;
  if (first && model) account.drained[0] = { ...first, model };
}
