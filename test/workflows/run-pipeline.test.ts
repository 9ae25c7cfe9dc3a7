import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { AlertRequest, PublishRequest, ReceiptRequest, Stages } from '../../workflows/stages.ts';
import { EXAMPLE_PLAN, exampleStages, ingested } from '../support/example-run.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';

const time = useTimeSkipping();

/** The example's stages, some replaced; keeps what the closing stages were given and the order of all calls. */
function watched(replaced: Partial<Stages> = {}) {
  const calls: string[] = [];
  const receipts: ReceiptRequest[] = [];
  const alerts: AlertRequest[] = [];
  const stages = { ...exampleStages(), ...replaced };
  const { receipt, alert } = stages;
  stages.receipt = (request) => (receipts.push(request), receipt(request));
  stages.alert = (request) => (alerts.push(request), alert(request));
  const counted = Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [
      name,
      (request: never) => (calls.push(name), (stage as (r: never) => unknown)(request)),
    ]),
  ) as unknown as Stages;
  return { stages: counted, calls, receipts, alerts };
}

const transient = (message: string) => ApplicationFailure.create({ type: 'DestinationBusy', message });
const terminal = (message: string) => ApplicationFailure.create({ type: 'SourceMissing', message, nonRetryable: true });

test('a run goes through its stages in order and ends with receipt and alert', async () => {
  const { stages, calls, receipts } = watched();
  expect(await time.run(stages)).toEqual({
    outcome: 'succeeded',
    receipt: 'file:///lake/receipt.json',
    accounted: true,
  });
  expect(calls).toEqual(['plan', 'ingest', 'ingest', 'transform', 'check', 'publish', 'receipt', 'alert']);
  expect(receipts[0]).toMatchObject({
    outcome: 'succeeded',
    sources: [{ name: 'left' }, { name: 'right' }],
    published: [{ name: 'both' }],
  });
});

test('the receipt is told of every stage that has begun, with its times, and of no other', async () => {
  const succeeded = watched();
  await time.run(succeeded.stages);
  const named = (request: ReceiptRequest | undefined) =>
    request?.steps?.map(({ activityId, state }) => [activityId, state]);
  expect(named(succeeded.receipts[0])).toEqual([
    ...['plan', 'ingest left', 'ingest right', 'transform', 'check', 'publish example.db'].map((id) => [id, 'done']),
  ]);
  for (const step of succeeded.receipts[0]?.steps ?? []) {
    expect(Date.parse(step.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(step.startedAt ?? ''));
  }
  const failing = watched({ transform: () => Promise.reject(terminal('no')) });
  await expect(time.run(failing.stages)).rejects.toThrow();
  expect(named(failing.receipts[0])?.slice(3)).toEqual([['transform', 'failed']]);
});

test('a transient failure is tried again, with growing waits', async () => {
  let attempts = 0;
  const { stages, calls } = watched({
    publish: (request) =>
      (attempts += 1) < 4 ? Promise.reject(transient('locked')) : exampleStages().publish(request),
  });
  const before = await time.environment.currentTimeMs();
  expect(await time.run(stages)).toMatchObject({ outcome: 'succeeded' });
  expect(calls.filter((name) => name === 'publish')).toHaveLength(4);
  expect((await time.environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(1_000 + 2_000 + 4_000);
});

test('a transient failure that never mends ends the run after twelve attempts', async () => {
  const { stages, calls, receipts } = watched({ publish: () => Promise.reject(transient('locked for good')) });
  await expect(time.run(stages)).rejects.toMatchObject({
    cause: { type: 'DestinationBusy', message: 'locked for good' },
  });
  expect(calls.filter((name) => name === 'publish')).toHaveLength(12);
  expect(receipts).toMatchObject([{ outcome: 'failed', error: { type: 'DestinationBusy', stage: 'publish' } }]);
});

test('a terminal failure is not tried again; the other source is read all the same, and someone is told', async () => {
  const { stages, calls, receipts, alerts } = watched({
    ingest: ({ source }) =>
      source.name === 'left' ? Promise.reject(terminal('left.csv is missing')) : Promise.resolve(ingested('right')),
  });
  await expect(time.run(stages)).rejects.toMatchObject({
    cause: { type: 'SourceMissing', message: 'left.csv is missing', details: [{ outcome: 'failed' }] },
  });
  expect(calls).toEqual(['plan', 'ingest', 'ingest', 'receipt', 'alert']);
  expect(receipts[0]).toMatchObject({
    sources: [{ name: 'right' }],
    failedSources: [{ name: 'left', error: { type: 'SourceMissing' } }],
  });
  expect(alerts).toMatchObject([{ outcome: 'failed', receipt: 'file:///lake/receipt.json' }]);
});

test('a source with corrections that cannot be read stops the run, also where others would go on without theirs', async () => {
  const sources = EXAMPLE_PLAN.sources.map((source) =>
    source.name === 'left' ? { ...source, corrections: ['/fixed/left.csv'] } : source,
  );
  const without = (name: string): Partial<Stages> => ({
    plan: ({ options }) => Promise.resolve({ ...EXAMPLE_PLAN, sources, failedSources: 'go-on', options }),
    ingest: ({ source }) =>
      source.name === name ? Promise.reject(terminal(`${name} is missing`)) : Promise.resolve(ingested(source.name)),
  });
  const corrected = watched(without('left'));
  await expect(time.run(corrected.stages)).rejects.toMatchObject({ cause: { message: 'left is missing' } });
  expect(corrected.calls).toEqual(['plan', 'ingest', 'ingest', 'receipt', 'alert']);
  const other = watched(without('right'));
  await expect(time.run(other.stages)).rejects.toMatchObject({ cause: { message: 'right is missing' } });
  expect(other.calls).toContain('publish');
});

test('a stage whose worker died is missed by its heartbeat and runs again', async () => {
  let attempts = 0;
  const { stages, calls } = watched({
    transform: (request) => {
      attempts += 1;
      if (attempts > 1) return exampleStages().transform(request);
      return Context.current().cancelled; // never beats, never ends: as if its worker were gone
    },
  });
  expect(await time.run(stages)).toMatchObject({ outcome: 'succeeded' });
  expect(calls.filter((name) => name === 'transform')).toHaveLength(2);
});

test('a failed blocking check stops the run before anything is published', async () => {
  const outcomes = [{ name: 'no lost rows', severity: 'error', status: 'failed', failed: 3, blocking: true }] as const;
  const { stages, calls, alerts } = watched({ check: () => Promise.resolve({ outcomes, report: 'file:///r' }) });
  expect(await time.run(stages)).toMatchObject({ outcome: 'blocked' });
  expect(calls).not.toContain('publish');
  expect(alerts).toMatchObject([{ outcome: 'blocked' }]);
});

describe('--publish-anyway', () => {
  const outcomes = [{ name: 'no lost rows', severity: 'error', status: 'failed', failed: 3, blocking: true }] as const;
  const anyway = (check: string) => ({ options: { publishAnyway: [{ check, reason: 'known' }] } });
  const blockedBy = (replaced: Partial<Stages> = {}) => {
    const requests: PublishRequest[] = [];
    const publish: Stages['publish'] = (request) => (requests.push(request), exampleStages().publish(request));
    const check: Stages['check'] = () => Promise.resolve({ outcomes, report: 'file:///r' });
    return { ...watched({ check, publish, ...replaced }), requests };
  };

  test('publishes in spite of a failed check, and the destination is told', async () => {
    const { stages, requests, alerts } = blockedBy();
    expect(await time.run(stages, anyway('LOST'))).toMatchObject({ outcome: 'warned' });
    expect(requests).toMatchObject([{ overrides: [{ check: 'no lost rows', reason: 'known' }] }]);
    expect(alerts).toMatchObject([{ outcome: 'warned' }]);
  });

  test('says nothing to the destination where nothing had to be overridden', async () => {
    const passing = outcomes.map((one) => ({ ...one, status: 'passed', failed: 0 }) as const);
    const { stages, requests } = blockedBy({
      check: () => Promise.resolve({ outcomes: passing, report: 'file:///r' }),
    });
    expect(await time.run(stages, anyway('lost'))).toMatchObject({ outcome: 'succeeded' });
    expect(requests).toMatchObject([{ overrides: [] }]);
  });

  test.each([
    ['a name that no check has', 'lots rows', /names no check of this run.*\n.*\n.*"no lost rows"/],
    ['a sum', 'left: every row read', /can never be overridden/],
  ])('%s ends the run before anything is published', async (_, name, message) => {
    const { stages, calls, receipts } = blockedBy({
      ingest: ({ source }) => Promise.resolve({ ...ingested(source.name), staged: source.name === 'left' ? 8 : 9 }),
    });
    await expect(time.run(stages, anyway(name))).rejects.toMatchObject({
      cause: { type: 'DefinitionInvalid', message: expect.stringMatching(message) as unknown },
    });
    expect(calls).not.toContain('publish');
    expect(receipts).toMatchObject([{ outcome: 'failed', error: { type: 'DefinitionInvalid' } }]);
  });
});

test('a check that could not run blocks as one that failed', async () => {
  const outcomes = [{ name: 'broken', severity: 'critical', status: 'error', failed: 0, blocking: true }] as const;
  const { stages, calls } = watched({ check: () => Promise.resolve({ outcomes, report: 'file:///r' }) });
  expect(await time.run(stages)).toMatchObject({ outcome: 'blocked' });
  expect(calls).not.toContain('publish');
});

test.each([
  ['a source whose sum does not close', { ingest: () => Promise.resolve({ ...ingested('left'), staged: 8 }) }],
  [
    'a table that lost a row it promised',
    { transform: () => Promise.resolve([{ name: 'both', rows: 9, promisedRows: 10, uris: ['file:///b'] }]) },
  ],
  [
    'an old file',
    {
      ingest: () =>
        Promise.resolve({
          ...ingested('left'),
          guards: [{ name: 'fresh', severity: 'error', passed: false, detail: 'old' }],
        }),
    },
  ],
] satisfies [string, Partial<Stages>][])('%s is not published', async (_, replaced) => {
  const { stages, calls } = watched(replaced);
  expect(await time.run(stages)).toMatchObject({ outcome: 'blocked' });
  expect(calls).not.toContain('publish');
});

test('warnings are published and told', async () => {
  const outcomes = [
    { name: 'a', severity: 'warning', status: 'failed', failed: 1, blocking: false },
    { name: 'b', severity: 'info', status: 'failed', failed: 1, blocking: false },
  ] as const;
  const { stages, calls } = watched({ check: () => Promise.resolve({ outcomes, report: 'file:///r' }) });
  expect(await time.run(stages)).toMatchObject({ outcome: 'warned' });
  expect(calls).toContain('publish');
});

test('only validating publishes nothing', async () => {
  const { stages, calls } = watched();
  expect(await time.run(stages, { options: { validateOnly: true } })).toMatchObject({ outcome: 'succeeded' });
  expect(calls).toEqual(['plan', 'ingest', 'ingest', 'transform', 'check', 'receipt', 'alert']);
});

test('a cancelled run still writes its receipt and tells someone', async () => {
  let reached = (): void => undefined;
  const atTransform = new Promise<void>((resolve) => (reached = resolve));
  const { stages, calls, receipts } = watched({
    transform: () => {
      reached();
      const { cancelled, heartbeat } = {
        cancelled: Context.current().cancelled,
        heartbeat: setInterval(() => Context.current().heartbeat(), 200),
      };
      return cancelled.finally(() => clearInterval(heartbeat));
    },
  });
  await expect(time.run(stages, {}, atTransform)).rejects.toMatchObject({
    cause: expect.any(CancelledFailure) as unknown,
  });
  expect(calls).toEqual(['plan', 'ingest', 'ingest', 'transform', 'receipt', 'alert']);
  expect(receipts[0]).toMatchObject({ outcome: 'cancelled', plan: { digest: EXAMPLE_PLAN.digest } });
});

test('a run whose plan fails has a receipt as well', async () => {
  const failing = ApplicationFailure.create({
    type: 'DefinitionInvalid',
    message: 'no such column',
    nonRetryable: true,
  });
  const { stages, receipts } = watched({ plan: () => Promise.reject(failing) });
  await expect(time.run(stages)).rejects.toMatchObject({ cause: { type: 'DefinitionInvalid' } });
  expect(receipts[0]).toMatchObject({ outcome: 'failed', error: { stage: 'plan', message: 'no such column' } });
});

test('a receipt that cannot be written fails the run, and someone is told', async () => {
  const full = ApplicationFailure.create({ type: 'DiskFull', message: 'The disk is full.', nonRetryable: true });
  const { stages, alerts } = watched({ receipt: () => Promise.reject(full) });
  await expect(time.run(stages)).rejects.toThrow();
  expect(alerts).toHaveLength(1);
  expect(alerts[0]).not.toHaveProperty('receipt');
});

test('a destination whose structure is not as declared makes a published run one that needs attention', async () => {
  const { stages } = watched({
    publish: async (request) =>
      (await exampleStages().publish(request)).map((table) => ({ ...table, differences: ['no index'] })),
  });
  expect(await time.run(stages)).toMatchObject({ outcome: 'warned' });
});
