import { expect, test } from 'vitest';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested, PUBLISHED } from '../../support/example-run.ts';
import { NOTHING, request, VERSIONS } from './receipt-request.ts';

const tablesOf = (change: Partial<ReceiptRequest>) =>
  compileReceipt({ ...request, ...change }, NOTHING, VERSIONS).tables;
const [destination] = EXAMPLE_PLAN.destinations;
if (!destination) throw new Error('the example publishes nothing');

test('a table names the files that hold its rows, how it was loaded, and what its load changed', () => {
  const ddl = ['ALTER TABLE both ADD COLUMN note TEXT'];
  const made = { name: 'both', rows: 9, uris: ['file:///lake/both/0', 'file:///lake/both/1'], deduplicated: 2 };
  expect(tablesOf({ transformed: [made], published: [{ ...PUBLISHED, ddl }] })).toMatchObject([
    { name: 'both', mode: 'replace', stored: ['file:///lake/both/0', 'file:///lake/both/1'], ddl, deduplicated: 2 },
  ]);
  expect(tablesOf({})).toMatchObject([{ ddl: [], deduplicated: 0 }]);
});

test('each destination has its own mode', () => {
  const [table] = destination.tables;
  if (!table) throw new Error('the example has no table');
  const other = { ...destination, name: 'other.db', tables: [{ ...table, mode: 'merge' as const }] };
  const plan = { ...EXAMPLE_PLAN, destinations: [destination, other] };
  const published = [PUBLISHED, { ...PUBLISHED, destination: 'other.db' }];
  expect(tablesOf({ plan, published }).map(({ destination: of, mode }) => [of, mode])).toEqual([
    ['example.db', 'replace'],
    ['other.db', 'merge'],
  ]);
});

test('a table that is published as it was staged is stored where its source was', () => {
  const staged = { mode: 'append' as const, key: [] };
  const plan = { ...EXAMPLE_PLAN, models: [], destinations: [{ ...destination, tables: [], staged }] };
  const left = { ...ingested('left'), tables: [{ name: 'left', rows: 9, uris: ['file:///lake/left/0'] }] };
  const published = [{ ...PUBLISHED, name: 'left' }];
  expect(tablesOf({ plan, sources: [left], transformed: [], published })).toMatchObject([
    { name: 'left', source: 'left', mode: 'append', stored: ['file:///lake/left/0'] },
  ]);
});

test('what was not published is stored all the same', () => {
  expect(tablesOf({ published: [] })).toMatchObject([
    { destination: null, mode: null, stored: ['file:///lake/both'], ddl: [] },
  ]);
});

test('of a table with a source, what was dropped of that source counts, too: read = rows + quarantined + deduplicated', () => {
  const left = { ...ingested('left'), read: 14, deduplicated: 4 };
  const made = { name: 'both', rows: 7, promisedRows: 9, deduplicated: 2, uris: ['file:///lake/both'] };
  const [model] = EXAMPLE_PLAN.models;
  if (!model) throw new Error('the example has no model');
  const of = (plan: typeof EXAMPLE_PLAN) =>
    compileReceipt(
      { ...request, plan, sources: [left], transformed: [made], published: [{ ...PUBLISHED, rows: 7 }] },
      NOTHING,
      VERSIONS,
    );
  const { accounted, sources, tables } = of({ ...EXAMPLE_PLAN, models: [{ ...model, onePer: 'left' }] });
  expect(accounted).toBe(true);
  expect(sources).toMatchObject([{ read: 14, staged: 9, quarantined: 1, deduplicated: 4 }]);
  expect(tables).toMatchObject([{ source: 'left', rows: 7, deduplicated: 6 }]);
  expect(of(EXAMPLE_PLAN).tables).toMatchObject([{ source: null, deduplicated: 2 }]);
  const staged = { mode: 'append' as const, key: ['id'] };
  const copy = { ...EXAMPLE_PLAN, models: [], destinations: [{ ...destination, tables: [], staged }] };
  const published = [{ ...PUBLISHED, name: 'left' }];
  expect(tablesOf({ plan: copy, sources: [left], transformed: [], published })).toMatchObject([
    { source: 'left', rows: 9, deduplicated: 4 },
  ]);
});
