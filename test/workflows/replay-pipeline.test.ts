import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { workflowIdOf } from '../../workflows/run-request.ts';
import type { CompareRequest, ReceiptRequest, Stages } from '../../workflows/stages.ts';
import { EXAMPLE_PLAN, exampleStages } from '../support/example-run.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';

const time = useTimeSkipping();

const REPLAY = { options: { replayOf: { runId: 'past', examples: 7 } } };
const SCRATCH = 'file:///lake/incoming/replay-x.part';

/** The example's stages, some replaced, as a replay has them; keeps what they were given. */
function watched(replaced: Partial<Stages> = {}) {
  const calls: string[] = [];
  const compared: CompareRequest[] = [];
  const receipts: ReceiptRequest[] = [];
  const lakes = new Set<string>();
  const replay = { receipt: 'file:///lake/past.json', scratch: SCRATCH };
  const stages: Stages = {
    ...exampleStages(),
    plan: ({ options }) => Promise.resolve({ ...EXAMPLE_PLAN, options, replay }),
    ...replaced,
  };
  const told = Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [
      name,
      (request: never) => {
        calls.push(name);
        if (name === 'compare') compared.push(request);
        if (name === 'receipt') receipts.push(request);
        if (['ingest', 'transform', 'check'].includes(name)) lakes.add((request as { lake: string }).lake);
        return (stage as (given: never) => unknown)(request);
      },
    ]),
  ) as unknown as Stages;
  return { stages: told, calls, compared, receipts, lakes };
}

test('a replay compares in the place of publishing, tells nobody, and removes where it worked', async () => {
  const { stages, calls, compared, receipts, lakes } = watched();
  expect(await time.run(stages, REPLAY)).toMatchObject({ outcome: 'succeeded' });
  expect(calls).toEqual(['plan', 'ingest', 'ingest', 'transform', 'check', 'compare', 'receipt', 'discard']);
  expect([...lakes]).toEqual([SCRATCH]);
  expect(compared).toMatchObject([
    {
      lake: EXAMPLE_PLAN.lake,
      receipt: 'file:///lake/past.json',
      examples: 7,
      tables: [{ name: 'both', key: ['id'], uris: ['file:///lake/both'] }],
    },
  ]);
  expect(receipts).toMatchObject([
    { run: { replayOf: 'past' }, compared: { difference: 'file:///lake/difference.json' } },
  ]);
});

test('what a check would stop is compared as well', async () => {
  const outcomes = [{ name: 'n', severity: 'error', status: 'failed', failed: 3, blocking: true }] as const;
  const { stages, calls } = watched({ check: () => Promise.resolve({ outcomes, report: 'file:///r' }) });
  expect(await time.run(stages, REPLAY)).toMatchObject({ outcome: 'blocked' });
  expect(calls.slice(-3)).toEqual(['compare', 'receipt', 'discard']);
});

test.each(['plan', 'transform', 'compare'] as const)(
  'one whose %s fails still removes where it worked',
  async (stage) => {
    const failure = ApplicationFailure.create({ type: 'SourceMissing', message: 'gone', nonRetryable: true });
    const { stages, calls } = watched({ [stage]: () => Promise.reject(failure) });
    await expect(time.run(stages, REPLAY)).rejects.toMatchObject({ cause: { message: 'gone' } });
    expect(calls.slice(-2)).toEqual(['receipt', 'discard']);
    expect(calls).not.toContain('publish');
  },
);

test('a replay never meets a run of its pipeline, nor a replay of another run', () => {
  const id = (options: object) => workflowIdOf({ pipeline: 'shop', environment: 'dev', options });
  const ids = [id({}), id({ replayOf: { runId: 'a' } }), id({ replayOf: { runId: 'b' } })];
  expect(ids).toEqual(['shop-dev', 'replay-shop-dev-a', 'replay-shop-dev-b']);
});
