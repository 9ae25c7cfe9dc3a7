import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { receiptNotes } from '../../../client/cli/receipt/receipt-notes.ts';
import { receiptText } from '../../../client/cli/receipt-text.ts';
import { endOfFailure } from '../../../client/cli/run-end.ts';
import { failureVerdict, verdictOf, verdictText } from '../../../client/cli/verdict-lines.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { receiptTable } from '../../support/receipt-table.ts';

const colors = picocolors.createColors(false);
const source = {
  uri: 'file:///in/ventas.csv',
  files: 1,
  bytes: 214_000,
  digest: 'd',
  staged: 5_407,
  deduplicated: 0,
  discarded: 0,
  quarantine: null,
  report: null,
  reading: null,
  error: null,
};
const table = receiptTable({ digest: 'd', loadId: 'l' });

const receipt: Receipt = {
  version: 1,
  run: {
    pipeline: 'sales',
    environment: 'dev',
    workflowId: 'sales-dev',
    runId: 'r1',
    planDigest: 'p',
    asOf: '2025-01-01',
    sample: true,
    options: {},
    startedAt: '2025-01-01T10:00:00.000Z',
    finishedAt: '2025-01-01T10:00:02.500Z',
    outcome: 'warned',
  },
  steps: [],
  uploads: [],
  metrics: null,
  sources: [
    { ...source, name: 'ventas', read: 5_500, quarantined: 93, reasons: [{ reason: 'duplicate venta_id', rows: 93 }] },
  ],
  tables: [
    { ...table, name: 'ventas', source: 'ventas', rows: 5_407 },
    { ...table, name: 'daily', source: null, rows: 31, destination: null },
  ],
  checks: [
    {
      name: 'ventas: bad rows',
      severity: 'warning',
      status: 'failed',
      failed: 1,
      sample: ['93 of 5,500 rows quarantined'],
      blocking: false,
      query: null,
      unconditional: false,
      override: null,
    },
    {
      name: 'no future dates',
      severity: 'warning',
      status: 'failed',
      failed: 1_479,
      sample: ['id=1', 'id=2'],
      blocking: false,
      query: 'select',
      unconditional: false,
      override: null,
    },
    {
      name: 'unique',
      severity: 'error',
      status: 'passed',
      failed: 0,
      sample: [],
      blocking: true,
      query: 'select',
      unconditional: false,
      override: null,
    },
  ],
  accounted: true,
  error: null,
  replay: null,
  destinations: [],
  results: ['/out/shop.db'],
  versions: { acequia: '0', duckdb: '1', node: '20' },
};

test('the closing table: read, loaded, quarantined; checks; duration; link; result', () => {
  expect(receiptText(receipt, { link: 'http://ui/run', embedded: true }, colors)).toMatchInlineSnapshot(`
    "┌────────┬───────┬─────────────┬─────────────┐
    │ table  │  read │      loaded │ quarantined │
    ├────────┼───────┼─────────────┼─────────────┤
    │ ventas │ 5,500 │       5,407 │          93 │
    │ daily  │       │ 31 (a step) │             │
    └────────┴───────┴─────────────┴─────────────┘
    quarantined  ventas: 93 × duplicate venta_id
    checks       1 of 3 passed, 2 failed: 2 warnings
      ! warning  ventas: bad rows: 93 of 5,500 rows quarantined
      ! warning  no future dates: 1,479 rows: id=1, id=2, …
    duration     2.5 s
    run          http://ui/run
                 (while \`npm run dev\` is up)
    result       /out/shop.db"
  `);
});

test('what a load changed of a table is told', () => {
  const ddl = Array.from({ length: 10 }, (_, n) => `ALTER TABLE "ventas" ADD COLUMN "c${n}" VARCHAR`);
  const tables = receipt.tables.map((one, index) => (index === 0 ? { ...one, ddl } : one));
  const text = receiptText({ ...receipt, tables }, { embedded: false }, colors);
  expect(text).toContain('structure    ! shop.db: ALTER TABLE "ventas" ADD COLUMN "c0" VARCHAR\n');
  expect(text).toContain('"c7" VARCHAR\n             and 2 more, in the receipt\n');
});

test('sums that do not close are said in words', () => {
  expect(receiptText({ ...receipt, accounted: false }, { embedded: false }, colors)).toContain('the sums do not close');
});

test('the last three lines: verdict, cause, next command', () => {
  expect(verdictText(verdictOf(receipt, 'again', 'receipt.json')).split('\n')).toEqual([
    'sales: needs attention: published, 2 of 3 checks failed',
    'cause: no future dates: 1,479 rows; ventas: bad rows',
    'next:  npm run acequia -- quarantine show r1   shows the quarantined rows; the query behind each check is named in receipt.json',
  ]);
  const of = (outcome: Receipt['run']['outcome'], rest: Partial<Receipt> = {}) =>
    verdictOf({ ...receipt, ...rest, run: { ...receipt.run, outcome } }, 'again --validate-only', 'receipt.json');
  expect(of('succeeded', { checks: [] })).toMatchObject({
    verdict: 'sales: published',
    cause: 'every row accounted for (5,500 rows read)',
  });
  const unpublished = receipt.tables.map((made) => ({ ...made, destination: null }));
  expect(of('succeeded', { checks: [], tables: unpublished })).toMatchObject({
    verdict: 'sales: checked, nothing published as asked',
    next: 'to publish: again',
  });
  const drained = [receiptTable({ digest: 'd', destination: 'postgres:DATABASE_URL', inserted: 5 })];
  const destinations = [{ name: 'postgres:DATABASE_URL', kind: 'postgres' as const, path: 'postgres:DATABASE_URL' }];
  expect(of('succeeded', { checks: [], tables: drained, destinations })).toMatchObject({
    next: 'npm run acequia -- receipt show r1   shows what became of each source',
  });
  const loaded = drained.map((made) => ({ ...made, loadId: 'l' }));
  expect(of('succeeded', { checks: [], tables: loaded, destinations }).next).toContain('receipt verify');
  const blocking = receipt.checks.map((check) => ({ ...check, status: 'failed' as const, failed: 3 }));
  expect(of('blocked', { checks: blocking })).toMatchObject({
    verdict: 'sales: blocked, nothing published',
    cause: 'unique: 3 rows',
  });
});

test('a failure’s own remedy is the next step', () => {
  expect(failureVerdict('sales', 'The file is missing.\n  where: /in/a.csv\n  to do: put it there', 'again')).toEqual({
    verdict: 'sales: failed',
    cause: 'The file is missing. (/in/a.csv)',
    next: 'put it there',
  });
});

test('the end of a failed run is read from its innermost failure, and its receipt from the details', () => {
  const cause = Object.assign(new Error('The file is missing.'), {
    type: 'SourceMissing',
    details: [{ outcome: 'failed', receipt: 'file:///lake/r.json', accounted: false }],
  });
  expect(endOfFailure(cause)).toEqual({
    outcome: 'failed',
    receipt: 'file:///lake/r.json',
    failure: { type: 'SourceMissing', message: 'The file is missing.' },
  });
  const cancelled = Object.assign(new Error('cancelled'), { name: 'CancelledFailure' });
  expect(endOfFailure(cancelled)).toEqual({ outcome: 'cancelled' });
});

test('what was deduplicated is told, of a table only what it dropped besides its source', () => {
  const [read] = receipt.sources;
  if (!read) throw new Error('the receipt has no source');
  const tables = receipt.tables.map((one) => ({ ...one, deduplicated: one.source === null ? 0 : 5 }));
  const told = receiptText(
    { ...receipt, tables, sources: [{ ...read, deduplicated: 3 }] },
    { embedded: false },
    colors,
  );
  expect(told).toMatch(
    /^deduplicated ventas: 3 rows of whose key a later one was taken\n {13}ventas: 2 rows of whose key a later one was taken$/m,
  );
  expect(receiptText(receipt, { embedded: false }, colors)).not.toContain('deduplicated');
});

test('a source that records were taken from has no files', () => {
  const waiting = {
    ...source,
    name: 'raw',
    files: 0,
    bytes: 0,
    digest: null,
    read: 2_060,
    quarantined: 0,
    reasons: [],
  };
  expect(receiptNotes({ ...receipt, sources: [waiting] }).join('\n')).toContain('raw: 2,060 records taken');
});
