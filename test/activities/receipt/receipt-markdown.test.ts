import { expect, test } from 'vitest';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import { receiptMarkdown } from '../../../activities/receipt/receipt-markdown.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { ingested, PUBLISHED } from '../../support/example-run.ts';
import { NOTHING, request, VERSIONS } from './receipt-request.ts';

const markdownOf = (change: Partial<ReceiptRequest>): string =>
  receiptMarkdown(compileReceipt({ ...request, ...change }, NOTHING, VERSIONS));

test('sources and loads with short digests, steps with how long they took, versions', () => {
  const digest = '0123456789abcdef'.repeat(4);
  const started = { startedAt: '2026-01-01T00:00:01.000Z', finishedAt: '2026-01-01T00:00:03.500Z' };
  const markdown = markdownOf({
    sources: [{ ...ingested('left'), digest }],
    published: [{ ...PUBLISHED, digest }],
    steps: [{ stage: 'ingest', slice: 'left', activityId: 'ingest left', state: 'done', ...started }],
  });
  expect(markdown).toContain('| left | 10 | 9 | 1 | 0 | 1 | 100 | 0123456789ab |');
  expect(markdown).toContain('| ingest left | 10 | 9 | 2.5 |');
  expect(markdown).toContain('| both | 9 | 9 | 0 | 0 | 0 | 0 | example.db | replace | 0123456789ab |');
  expect(markdown).toContain('Acequia 0.1.0, DuckDB v1, Node v20; plan dddddddddddd.');
  expect(markdown).not.toContain('Structure of destinations');
});

test('what changed the structure of a destination, on a line each', () => {
  const ddl = ['ALTER TABLE both\n  ADD COLUMN note TEXT', `ALTER TABLE both ${'x'.repeat(1_000)}`];
  const markdown = markdownOf({ published: [{ ...PUBLISHED, ddl }] });
  expect(markdown).toContain('    ALTER TABLE both ADD COLUMN note TEXT\n    ALTER TABLE both xxx');
  expect(markdown).not.toContain('x'.repeat(400));
});

test('it stays short, whatever the run was: it is part of the history', () => {
  const sources = Array.from({ length: 2_000 }, (_, index) => ingested(`source_${index}`));
  const ddl = Array.from({ length: 500 }, (_, index) => `ALTER TABLE both ADD COLUMN c${index} ${'x'.repeat(500)}`);
  const markdown = markdownOf({ sources, published: [{ ...PUBLISHED, ddl }] });
  expect(markdown.length).toBeLessThan(20_000);
  expect(markdown).toContain('| … and 1900 more |');
  expect(markdown).toContain('    … and 480 more');
});
