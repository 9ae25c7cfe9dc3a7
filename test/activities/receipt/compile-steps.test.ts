import { expect, test } from 'vitest';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import type { StageProgress } from '../../../workflows/progress.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { ingested } from '../../support/example-run.ts';
import { NOTHING, request, VERSIONS } from './receipt-request.ts';

const at = (second: number): string => new Date(Date.parse(request.run.startedAt) + second * 1_000).toISOString();

function step(stage: string, slice: string | undefined, from: number, to: number): StageProgress {
  const activityId = slice === undefined ? stage : `${stage} ${slice}`;
  const times = { startedAt: at(from), finishedAt: at(to) };
  return { stage, ...(slice === undefined ? {} : { slice }), activityId, state: 'done', ...times };
}

const steps = [
  step('plan', undefined, 0, 1),
  step('ingest', 'left', 1, 3.5),
  step('ingest', 'right', 1, 2),
  step('transform', undefined, 3.5, 5),
  step('check', undefined, 5, 6),
  step('publish', 'example.db', 6, 8),
];

const stepsOf = (change: Partial<ReceiptRequest>) =>
  compileReceipt({ ...request, steps, ...change }, NOTHING, VERSIONS).steps;
const rowsOf = (change: Partial<ReceiptRequest>) =>
  stepsOf(change).map(({ name, slice, rowsIn, rowsOut }) => [name, slice, rowsIn, rowsOut]);

test('every stage and slice in its order, when it was and how long it took', () => {
  expect(stepsOf({})[1]).toEqual({
    ...{ name: 'ingest', slice: 'left', state: 'done', startedAt: at(1), finishedAt: at(3.5), durationMs: 2_500 },
    ...{ rowsIn: 10, rowsOut: 9 },
  });
  expect(stepsOf({}).map(({ durationMs }) => durationMs)).toEqual([1_000, 2_500, 1_000, 1_500, 1_000, 2_000]);
});

test('rows in and out are those of the account', () => {
  const right = { ...ingested('right'), read: 5, staged: 5, quarantined: 0 };
  const sources = [ingested('left'), { ...right, tables: [{ name: 'right', rows: 5, uris: ['file:///lake/right'] }] }];
  expect(rowsOf({ sources })).toEqual([
    ['plan', null, null, null],
    ['ingest', 'left', 10, 9],
    ['ingest', 'right', 5, 5],
    ['transform', null, 14, 9],
    ['check', null, null, null],
    ['publish', 'example.db', 9, 9],
  ]);
});

test('what did not come to its end left no rows behind that anybody could count', () => {
  const broken = steps.map((one) => (one.stage === 'publish' ? { ...one, state: 'failed' as const } : one));
  expect(stepsOf({ steps: broken, published: [] }).at(-1)).toMatchObject({ state: 'failed', rowsIn: 9, rowsOut: null });
  const unread = [{ ...step('ingest', 'left', 1, 2), state: 'failed' as const }];
  expect(rowsOf({ steps: unread, sources: [], transformed: [], published: [] })).toEqual([
    ['ingest', 'left', null, null],
  ]);
});

test('a request that an earlier release left in a history has no steps', () => {
  expect(compileReceipt(request, NOTHING, VERSIONS).steps).toEqual([]);
});
