import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested, PUBLISHED } from '../../support/example-run.ts';

export const NOTHING = { checks: [], readings: new Map() };
export const VERSIONS = { acequia: '0.1.0', duckdb: 'v1', node: 'v20' };

/** A run over two sources and one model whose sums close. */
export const request: ReceiptRequest = {
  run: {
    pipeline: 'example',
    environment: 'dev',
    workflowId: 'example-dev',
    runId: 'r',
    rootRunId: 'r',
    startedAt: '2026-01-01T00:00:00.000Z',
  },
  finishedAt: '2026-01-01T00:00:09.000Z',
  outcome: 'succeeded',
  plan: EXAMPLE_PLAN,
  sources: [ingested('left'), ingested('right')],
  failedSources: [],
  transformed: [{ name: 'both', rows: 9, promisedRows: 9, uris: ['file:///lake/both'] }],
  published: [PUBLISHED],
};
