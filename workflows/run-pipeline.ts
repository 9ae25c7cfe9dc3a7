import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { drainAll } from './drain-all.ts';
import { comparedTables } from './compared-tables.ts';
import type { Plan, ReplayPlan } from './definition/index.ts';
import { isNeeded } from './needed-source.ts';
import { overrideProblem } from './overrides.ts';
import { progressQuery } from './progress.ts';
import { publishedTables } from './published-tables.ts';
import {
  positionsAsked,
  positionsGiven,
  readDatabases,
  withLanded,
  withTotal,
  type DatabasesRead,
} from './read-databases.ts';
import { nextRound, untilDue, waitingStage } from './rounds.ts';
import { RunAccount } from './run-account.ts';
import { runErrorOf } from './run-error.ts';
import { RunProgress } from './run-progress.ts';
import type { RunRequest, RunResult } from './run-request.ts';
import { OUTCOME } from './search-attributes.ts';
import { stageCaller, type StageCaller } from './stage-caller.ts';
import type { Comparison, LakeUri, Outcome, RunError, RunIdentity, TransformedTable } from './stages.ts';
import { checkedTables } from './checked-tables.ts';
import { uploadPublished } from './upload.ts';
import { validatePublished } from './validate-published.ts';
import { progressTable } from './story.ts';
import { accountingOutcomes, guardOutcomes, judge, structureOutcomes } from './verdict.ts';
import { withoutFailed } from './without-failed.ts';
import { workflowTime } from './workflow-time.ts';

/** Rows and cells of each table that a replay shows. */
const DEFAULT_EXAMPLES = 20;

/** One run of a pipeline: plan → ingest → transform → check → publish → upload → receipt → alert. */
export async function runPipeline(request: RunRequest): Promise<RunResult> {
  let waiting = waitingStage(request);
  setHandler(progressQuery, () => (waiting.length > 0 ? waiting : progress.stages));
  const progress = new RunProgress(workflowTime, (stages) => setCurrentDetails(progressTable(stages)));
  const account = new RunAccount(progress);
  const stage = stageCaller(progress);
  progress.announce('plan');
  await untilDue(request);
  waiting = [];
  const run = identify(request);

  try {
    const plan = await stage(
      { stage: 'plan', summary: `Resolve the definition of ${run.pipeline}` },
      { run, options: request.options },
    );
    account.plan = plan;
    announceWay(progress, plan);
    const { drain } = plan;
    const outcome = await (drain ? drainAll(run, plan, drain, account, stage) : moveData(run, plan, account, stage));
    const failure = account.failure();
    // Something is there; but what was asked for may not be all there, or not as it should be.
    const end = failure && outcome !== 'blocked' ? 'failed' : outcome;
    const result = await finish(run, account, stage, end, failure);
    await nextRound(request, plan);
    if (!failure || outcome === 'blocked') return result;
    throw runFailure(failure, result);
  } catch (error) {
    if (account.closed) throw error;
    const told = runErrorOf(error);
    const result = await finish(run, account, stage, isCancellation(error) ? 'cancelled' : 'failed', told);
    if (isCancellation(error)) throw error;
    await nextRound(request, account.plan);
    throw runFailure(told, result);
  }
}

function runFailure({ message, type }: RunError, result: RunResult): ApplicationFailure {
  return ApplicationFailure.create({ message, type, nonRetryable: true, details: [result] });
}

function sourceFailure({ message, type }: RunError): ApplicationFailure {
  return ApplicationFailure.create({ message, type, nonRetryable: true });
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'DefinitionInvalid', message, nonRetryable: true });
}

/** From files to what readers see. Returns how it went; what was done on the way stands in `account`. */
async function moveData(run: RunIdentity, plan: Plan, account: RunAccount, stage: StageCaller): Promise<Outcome> {
  const { asOf, options, replay } = plan;
  const lake = workplace(plan);
  const read = await readDatabases(run, plan, lake, stage);
  account.failedSources = read.failed;
  const [unread] = read.failed;
  if (unread && plan.failedSources === 'stop') throw sourceFailure(unread.error);
  await ingestAll(run, plan, read, account, stage);
  const { models, checks, destinations } = withoutFailed(
    plan,
    account.failedSources.map(({ name }) => name),
  );
  const sources = account.sources.flatMap((source) => source.tables);

  if (models.length > 0) {
    account.transformed = await stage(
      { stage: 'transform', summary: `Make ${models.map(({ name }) => name).join(', ')}` },
      { run, lake, asOf, models, sources },
      totalRows,
    );
  }
  const tables = account.transformed;
  if (checks.length > 0) {
    account.checks = await stage(
      { stage: 'check', summary: `Ask ${checks.length} checks before anything is published` },
      { run, lake, asOf, checks, sources, ...checkedTables(destinations, account, read.tables) },
    );
  }
  const found = [
    ...guardOutcomes(account.sources, tables),
    ...accountingOutcomes(account.sources, tables),
    ...(account.checks?.outcomes ?? []),
  ];
  const { outcome, overrides, problems, blocking } = judge(found, options.publishAnyway);
  if (problems.length > 0) throw invalid(overrideProblem(problems, blocking));
  if (replay) account.compared = await compare(run, plan, replay, account, stage);
  if (outcome === 'blocked' || options.validateOnly || replay) return outcome;

  for (const destination of destinations) {
    const wanted = publishedTables(destination, account.sources, tables);
    const count = wanted.tables.length;
    if (count === 0) continue;
    const published = await stage(
      {
        stage: 'publish',
        slice: destination.name,
        summary: `Make ${count} ${count === 1 ? 'table' : 'tables'} visible in one step`,
      },
      {
        run,
        lake,
        ...wanted,
        fullRefresh: options.fullRefresh ?? [],
        overrides,
        requestedAt: workflowTime().toISOString(),
        ...positionsGiven(wanted.destination.tables, read.tables),
      },
      totalRows,
    );
    account.published.push(...published);
  }
  await uploadPublished(run, plan, destinations, account, stage);
  if (options.validate) await validatePublished(run, plan, { checks, destinations }, account, stage);
  const afterwards = account.validated.flatMap(({ outcomes }) => outcomes.map((one) => ({ ...one, blocking: false })));
  return judge([...found, ...structureOutcomes(account.published), ...afterwards], overrides).outcome;
}

/**
 * All sources at once. One that fails does not stop the others from being read, so that the receipt names every one that
 * did; whether the run then goes on without it, the plan says.
 */
async function ingestAll(
  run: RunIdentity,
  plan: Plan,
  { tables, failed }: DatabasesRead,
  account: RunAccount,
  stage: StageCaller,
): Promise<void> {
  const sources = plan.sources.filter(({ name }) => !failed.some((source) => source.name === name));
  const ends = await Promise.allSettled(
    sources.map((source) =>
      stage(
        { stage: 'ingest', slice: source.name, summary: `Read ${source.name} and prove every value` },
        { run, lake: workplace(plan), source: withLanded(source, tables) },
        ({ read, bytes }) => ({ rows: read, bytes }),
      ),
    ),
  );
  account.sources = ends.flatMap((end) => (end.status === 'fulfilled' ? [withTotal(end.value, tables)] : []));
  account.failedSources = [
    ...failed,
    ...sources.flatMap(({ name }, index) => {
      const end = ends[index];
      return end?.status === 'rejected' ? [{ name, error: runErrorOf(end.reason) }] : [];
    }),
  ];
  const stopping = ends.flatMap((end, index) => {
    if (end.status === 'fulfilled') return [];
    const reason: unknown = end.reason;
    return isCancellation(reason) || isNeeded(plan, sources[index]) ? [reason] : [];
  });
  if (stopping.length > 0) throw stopping.find(isCancellation) ?? stopping[0];
}

/** Holds what would be published against what the replayed run has published, also where a check would stop it. */
function compare(
  run: RunIdentity,
  plan: Plan,
  { receipt }: ReplayPlan,
  account: RunAccount,
  stage: StageCaller,
): Promise<Comparison> {
  const tables = comparedTables(plan.destinations, account.sources, account.transformed);
  const { lake, asOf, options } = plan;
  const examples = options.replayOf?.examples ?? DEFAULT_EXAMPLES;
  return stage(
    { stage: 'compare', summary: `Compare ${tables.length} tables with what was published` },
    { run, lake, receipt, asOf, tables, examples },
  );
}

/** Where stages put what they make. */
function workplace({ lake, replay }: Plan): LakeUri {
  return replay?.scratch ?? lake;
}

/** Writes the receipt and tells people, also when the run was cancelled or has failed. */
async function finish(
  run: RunIdentity,
  account: RunAccount,
  stage: StageCaller,
  outcome: Outcome,
  error?: RunError,
): Promise<RunResult> {
  account.closed = true;
  return CancellationScope.nonCancellable(async () => {
    const close = async (receipt?: string): Promise<void> =>
      run.replayOf === undefined
        ? stage(
            { stage: 'alert', summary: `Tell how it ended: ${outcome}` },
            { run, outcome, ...(receipt ? { receipt } : {}), ...(error ? { error } : {}) },
          )
        : stage({ stage: 'discard', summary: 'Remove where it worked' }, { run });
    upsertSearchAttributes([{ key: OUTCOME, value: outcome }]);
    try {
      const { uri, accounted, markdown } = await stage(
        { stage: 'receipt', summary: 'Write the receipt' },
        account.close(run, outcome, workflowTime(), error),
      );
      await close(uri);
      setCurrentDetails(markdown);
      return { outcome, receipt: uri, accounted };
    } catch (failure) {
      await close();
      throw failure;
    }
  });
}

function announceWay(progress: RunProgress, plan: Plan): void {
  const { databases = [], drain } = plan;
  if (drain) {
    const names = drain.from.map(({ name }) => name);
    progress.announce('drain', names);
    progress.announce('tally', names);
    if (drain.review) progress.announce('review');
  }
  progress.announce('positions', positionsAsked(plan));
  progress.announce(
    'snapshot',
    databases.map(({ name }) => name),
  );
  progress.announce(
    'ingest',
    plan.sources.map(({ name }) => name),
  );
  if (plan.models.length > 0) progress.announce('transform');
  if (plan.checks.length > 0) progress.announce('check');
  const destinations = plan.destinations.map(({ name }) => name);
  if (plan.replay) progress.announce('compare');
  else if (!drain && !plan.options.validateOnly) {
    progress.announce('publish', destinations);
    if (plan.upload) progress.announce('upload');
    if (plan.options.validate) progress.announce('check', destinations);
  }
  progress.announce('receipt');
  progress.announce(plan.replay ? 'discard' : 'alert');
}

function identify({ pipeline, environment, options, notBefore }: RunRequest): RunIdentity {
  const { workflowId, runId, firstExecutionRunId, runStartTime } = workflowInfo();
  return {
    pipeline,
    environment,
    workflowId,
    runId,
    rootRunId: firstExecutionRunId,
    startedAt: (notBefore === undefined ? runStartTime : workflowTime()).toISOString(),
    ...(options.replayOf ? { replayOf: options.replayOf.runId } : {}),
  };
}

function totalRows(tables: readonly Pick<TransformedTable, 'rows'>[]): { rows: number } {
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0) };
}
