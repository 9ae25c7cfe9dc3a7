import { expect, test } from 'vitest';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import { receiptMarkdown } from '../../../activities/receipt/receipt-markdown.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested, PUBLISHED } from '../../support/example-run.ts';
import { NOTHING, request, VERSIONS } from './receipt-request.ts';

test('a run whose sums close is accounted for', () => {
  const receipt = compileReceipt(request, NOTHING, VERSIONS);
  expect(receipt.accounted).toBe(true);
  expect(receipt.sources).toMatchObject([
    { name: 'left', read: 10, staged: 9, quarantined: 1, error: null },
    { name: 'right' },
  ]);
  expect(receipt.tables).toMatchObject([
    { name: 'both', destination: 'example.db', rows: 9, inserted: 9, digest: 'd' },
  ]);
  expect(receipt.results).toEqual(['/out/example/example.db']);
  expect(receipt.run).toMatchObject({ planDigest: EXAMPLE_PLAN.digest, outcome: 'succeeded' });
});

test.each<[string, Partial<ReceiptRequest>]>([
  ['a row lost while staging', { sources: [{ ...ingested('left'), staged: 8 }] }],
  ['a row doubled while staging', { sources: [{ ...ingested('left'), staged: 10 }] }],
  ['a row lost to a join', { transformed: [{ name: 'both', rows: 9, promisedRows: 10, uris: ['file:///x'] }] }],
  ['a row lost while publishing', { published: [{ ...PUBLISHED, rows: 8 }] }],
  [
    'a source that failed',
    { failedSources: [{ name: 'left', error: { type: 'SourceMissing', message: 'm', stage: 'ingest' } }] },
  ],
])('%s is not accounted for', (_, change) => {
  expect(compileReceipt({ ...request, ...change }, NOTHING, VERSIONS).accounted).toBe(false);
});

test('where a run may go on without a source, it is accounted for without it; with corrections it may not', () => {
  const failedSources = [{ name: 'left', error: { type: 'SourceMissing', message: 'm', stage: 'ingest' } }];
  const of = (corrections: { readonly corrections?: readonly string[] }) => {
    const sources = EXAMPLE_PLAN.sources.map((source) => ({ ...source, ...corrections }));
    const plan = { ...EXAMPLE_PLAN, failedSources: 'go-on' as const, sources };
    return compileReceipt({ ...request, plan, sources: [ingested('right')], failedSources }, NOTHING, VERSIONS)
      .accounted;
  };
  expect([of({}), of({ corrections: ['/fixed/left.csv'] })]).toEqual([true, false]);
});

test('what was made and not published stands without a destination', () => {
  const receipt = compileReceipt({ ...request, outcome: 'blocked', published: [] }, NOTHING, VERSIONS);
  expect(receipt.tables).toMatchObject([{ name: 'both', destination: null, rows: 9, inserted: 0, loadId: null }]);
  expect(receipt.results).toEqual([]);
});

test('the short form holds counts, not keys, and says what stopped the run', () => {
  const failing = {
    name: 'price >= 0',
    table: 'both',
    severity: 'error',
    status: 'failed',
    failed: 3,
    blocking: true,
    sample: ['id=4711'],
    query: 'q',
  } as const;
  const error = { type: 'DiskFull', message: 'The disk is full.', stage: 'publish' };
  const markdown = receiptMarkdown(
    compileReceipt({ ...request, outcome: 'failed', error }, { ...NOTHING, checks: [failing] }, VERSIONS),
  );
  expect(markdown).toContain('| error, blocking | price >= 0 | 3 |');
  expect(markdown).toContain('The disk is full.');
  expect(markdown).not.toContain('4711');
});

test('a table whose structure is not as declared is a failed check', () => {
  const differences = ['both: indexes: declared both_day; found none'];
  const receipt = compileReceipt({ ...request, published: [{ ...PUBLISHED, differences }] }, NOTHING, VERSIONS);
  expect(receipt.checks.at(-1)).toMatchObject({ status: 'failed', severity: 'error', failed: 1, sample: differences });
  expect(compileReceipt(request, NOTHING, VERSIONS).checks.at(-1)).toMatchObject({ status: 'passed', sample: [] });
});
