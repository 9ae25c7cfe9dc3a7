import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { RunOptions } from '../../workflows/definition/index.ts';
import type { Stages } from '../../workflows/stages.ts';
import { exampleStages } from '../support/example-run.ts';

/** One history to record: a run over the example's stages, some replaced. */
export interface Scenario {
  readonly name: string;
  readonly options: RunOptions;
  readonly stages: Stages;
  /** The stage at which the run is cancelled. */
  readonly cancelAt?: keyof Stages;
  /** The stage at which the first worker goes and another takes over. */
  readonly changeWorkerAt?: keyof Stages;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'happy', options: { asOf: '2025-01-31' }, stages: exampleStages() },
  { name: 'blocked', options: {}, stages: { ...exampleStages(), check: failedCheck } },
  { name: 'retried', options: {}, stages: { ...exampleStages(), publish: failsOnce() } },
  { name: 'cancelled', options: {}, stages: { ...exampleStages(), transform: untilCancelled }, cancelAt: 'transform' },
  {
    name: 'resumed',
    options: {},
    stages: { ...exampleStages(), transform: silentOnce() },
    changeWorkerAt: 'transform',
  },
];

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
