import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { ReceiptRequest, Stages } from '../../workflows/stages.ts';
import type { UploadRequest } from '../../workflows/upload.ts';
import { EXAMPLE_PLAN, exampleStages } from '../support/example-run.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';

const time = useTimeSkipping();

/** The example's stages with an upload; keeps the order of the last ones, and what the receipt was told. */
function uploading(upload: Stages['upload'], options: { readonly validateOnly?: true } = {}) {
  const calls: string[] = [];
  const receipts: ReceiptRequest[] = [];
  const example = exampleStages();
  const stages: Stages = {
    ...example,
    plan: (request) =>
      Promise.resolve({
        ...EXAMPLE_PLAN,
        upload: { to: 's3://b/out/', of: ['example.db', 'tables', 'inputs'] },
        options: { ...request.options, ...options },
      }),
    publish: (request) => (calls.push('publish'), example.publish(request)),
    upload: (request) => (calls.push('upload'), upload(request)),
    receipt: (request) => (calls.push('receipt'), receipts.push(request), example.receipt(request)),
    alert: (request) => (calls.push('alert'), example.alert(request)),
  };
  return { stages, calls, receipts };
}

test('where a place is named, what was published goes there before the receipt is written', async () => {
  const asked: UploadRequest[] = [];
  const { stages, calls, receipts } = uploading((request) => {
    asked.push(request);
    return Promise.resolve({ list: 'file:///lake/uploads.json', files: 1, sent: 1, bytes: 5 });
  });
  expect(await time.run(stages)).toMatchObject({ outcome: 'succeeded' });
  expect(calls).toEqual(['publish', 'upload', 'receipt', 'alert']);
  expect(asked).toMatchObject([
    {
      to: 's3://b/out/',
      files: [{ name: 'example.db', path: '/out/example/example.db' }],
      tables: [{ name: 'both', uris: ['file:///lake/both'] }],
      inputs: [{ source: 'left', report: 'file:///lake/report', corrections: [] }, { source: 'right' }],
    },
  ]);
  expect(receipts[0]?.uploaded?.list).toBe('file:///lake/uploads.json');
});

test('an upload that fails costs the run its success; what was published stands in the receipt', async () => {
  const failure = ApplicationFailure.create({ type: 'BucketMissing', message: 'no bucket', nonRetryable: true });
  const { stages, calls, receipts } = uploading(() => Promise.reject(failure));
  await expect(time.run(stages)).rejects.toThrow();
  expect(calls).toEqual(['publish', 'upload', 'receipt', 'alert']);
  expect(receipts[0]).toMatchObject({
    outcome: 'failed',
    published: [{ name: 'both' }],
    error: { type: 'BucketMissing', stage: 'upload', message: 'no bucket' },
  });
});

test('what is only looked at is not uploaded', async () => {
  const { stages, calls } = uploading(() => Promise.reject(new Error('not asked for')), { validateOnly: true });
  await time.run(stages);
  expect(calls).toEqual(['receipt', 'alert']);
});
