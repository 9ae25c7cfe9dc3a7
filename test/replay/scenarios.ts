import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CleanUpActivities, CleanUpRequest } from '../../workflows/clean-up-contract.ts';
import { cleanUpIdOf } from '../../workflows/clean-up-contract.ts';
import type { RunOptions } from '../../workflows/definition/index.ts';
import { workflowIdOf } from '../../workflows/run-request.ts';
import type { Stages } from '../../workflows/stages.ts';
import { EXAMPLE_PLAN, exampleStages } from '../support/example-run.ts';

/** One history to record: a workflow, what it is started with, and the activities that it meets. */
export interface Scenario {
  readonly name: string;
  readonly workflow: 'runPipeline' | 'cleanUp';
  readonly workflowId: string;
  readonly request: object;
  readonly activities: Readonly<Record<string, (request: never) => Promise<unknown>>>;
  /** The activity at which the workflow is cancelled. */
  readonly cancelAt?: string;
  /** The activity at which the first worker goes and another takes over. */
  readonly changeWorkerAt?: string;
}

export const SCENARIOS: readonly Scenario[] = [
  run('happy', { asOf: '2025-01-31' }),
  run('blocked', {}, { check: failedCheck }),
  run('published-anyway', { publishAnyway: [{ check: 'no lost rows', reason: 'known' }] }, { check: failedCheck }),
  run('retried', {}, { publish: failsOnce() }),
  { ...run('cancelled', {}, { transform: untilCancelled }), cancelAt: 'transform' },
  { ...run('resumed', {}, { transform: silentOnce() }), changeWorkerAt: 'transform' },
  run('replayed', { replayOf: { runId: 'past', examples: 7 } }, { plan: plannedReplay }),
  cleanUp('cleaned-up', { dryRun: false }),
  { ...cleanUp('clean-up-resumed', { dryRun: true }, cleansSilentlyOnce()), changeWorkerAt: 'cleanUp' },
];

/** A run over the example's stages, some replaced. */
function run(name: string, options: RunOptions, replaced: Partial<Stages> = {}): Scenario {
  const request = { pipeline: 'example', environment: 'dev', options };
  return {
    ...{ name, workflow: 'runPipeline', workflowId: workflowIdOf(request), request },
    activities: { ...exampleStages(), ...replaced },
  };
}

function cleanUp(
  name: string,
  options: Pick<CleanUpRequest, 'dryRun'>,
  activity: CleanUpActivities['cleanUp'] = cleaned,
): Scenario {
  const request: CleanUpRequest = { environment: 'dev', retention: { staging: '30d' }, ...options };
  return {
    ...{ name, workflow: 'cleanUp', workflowId: cleanUpIdOf(request), request },
    activities: { cleanUp: activity },
  };
}

function failedCheck(): ReturnType<Stages['check']> {
  const outcome = { name: 'no lost rows', severity: 'error', status: 'failed', failed: 3, blocking: true } as const;
  return Promise.resolve({ outcomes: [outcome], report: 'file:///lake/checks.json' });
}

function failsOnce(): Stages['publish'] {
  let attempts = 0;
  return (request) => {
    attempts += 1;
    if (attempts > 1) return exampleStages().publish(request);
    const failure = ApplicationFailure.create({ type: 'DestinationBusy', message: 'locked' });
    failure.stack = ''; // would name the folder in which it was recorded
    return Promise.reject(failure);
  };
}

function plannedReplay({ options }: Parameters<Stages['plan']>[0]): ReturnType<Stages['plan']> {
  const replay = { receipt: 'file:///lake/past.json', scratch: 'file:///lake/incoming/replay.part' };
  return Promise.resolve({ ...EXAMPLE_PLAN, options, replay });
}

async function untilCancelled(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 100);
  return context.cancelled.finally(() => clearInterval(beat));
}

/** A worker that died: its first attempt neither beats nor ends. */
function silentOnce(): Stages['transform'] {
  let attempts = 0;
  return (request) => {
    attempts += 1;
    return attempts > 1 ? exampleStages().transform(request) : Context.current().cancelled;
  };
}

function cleaned({
  dryRun,
  at,
}: Parameters<CleanUpActivities['cleanUp']>[0]): ReturnType<CleanUpActivities['cleanUp']> {
  return Promise.resolve({ dryRun, at, openSince: null, parts: [] });
}

function cleansSilentlyOnce(): CleanUpActivities['cleanUp'] {
  let attempts = 0;
  return (request) => {
    attempts += 1;
    return attempts > 1 ? cleaned(request) : Context.current().cancelled;
  };
}
