import { createColors } from 'picocolors';
import { describe, expect, test } from 'vitest';
import { differenceText } from '../../../../client/cli/replay/difference-text.ts';
import { differenceVerdict } from '../../../../client/cli/replay/difference-verdict.ts';
import type { Receipt } from '../../../../workflows/receipt.ts';
import type { RunDifference, TableDifference } from '../../../../workflows/difference.ts';

const same: TableDifference = {
  ...{ name: 'days', state: 'compared', key: ['day'], keyless: null },
  ...{ added: 0, removed: 0, changed: 0, unchanged: 12, structure: 0 },
  columns: [],
  examples: { added: [], removed: [], changed: [] },
};

const orders: TableDifference = {
  ...same,
  ...{ name: 'orders', key: ['id'], added: 3, removed: 1, changed: 2, unchanged: 1_000, structure: 3 },
  columns: [
    { name: 'amount', then: 'BIGINT', now: 'DECIMAL(12,2)', changed: 2 },
    { name: 'note', then: null, now: 'VARCHAR', changed: 0 },
    { name: 'old', then: 'DATE', now: null, changed: 0 },
  ],
  examples: {
    added: [{ note: 'a\u001b[31mred', id: '7' }],
    removed: [{ id: '9', note: null }],
    changed: [{ key: { id: '2' }, column: 'amount', then: '20', now: '20.50' }],
  },
};

const difference = (...tables: TableDifference[]): RunDifference => ({
  version: 1,
  then: { runId: 'aaaaaaaa-11111111', startedAt: '2025-01-01T00:00:00Z', asOf: '2025-01-01' },
  now: { runId: 'bbbbbbbb-22222222', startedAt: '2025-02-01T00:00:00Z', asOf: '2025-01-02' },
  tables,
  unread: [],
});

const lines = (found: RunDifference) => differenceText(found, 'lake/difference.json', createColors(false));

test('counts, columns and examples of a table; what comes out of a file moves no terminal', () => {
  expect(lines(difference(orders, same))).toEqual([
    'orders: 3 added, 1 removed, 2 changed, 1,000 unchanged (by id)',
    '  amount: BIGINT → DECIMAL(12,2), 2 changed cells',
    '  note: new column, VARCHAR',
    '  old: column gone, was DATE',
    '  + id=7, note=a\\u001b[31mred',
    '  … and 2 more added rows',
    '  - id=9, note=NULL',
    '  ~ id=2  amount: 20 → 20.50',
    '  … and 1 more changed cell',
    'days: 12 unchanged (by day)',
    'then         run 11111111 of 2025-01-01T00:00:00Z, as of 2025-01-01',
    'now          run 22222222 of 2025-02-01T00:00:00Z, as of 2025-01-02',
    'difference   lake/difference.json',
  ]);
});

test('tables that came or went, keys that cannot serve, and what the run could not read', () => {
  const found = lines({
    ...difference(
      { ...same, name: 'new_one', state: 'new', key: [], added: 2, unchanged: 0, structure: 1 },
      { ...same, name: 'old_one', state: 'gone', key: [], removed: 2, unchanged: 0, structure: 1 },
      { ...same, key: [], keyless: 'the key (day) repeats' },
    ),
    unread: ['b.csv'],
  });
  expect(found.slice(0, 4)).toEqual([
    'new_one: 2 added, 0 unchanged; it was not published then',
    'old_one: 2 removed, 0 unchanged; it would not be published today',
    'days: 12 unchanged',
    '  whole rows are compared: the key (day) repeats',
  ]);
  expect(found).toContain('left out     what that run could not read: b.csv');
});

describe('the last three lines', () => {
  const receipt = (run: Partial<Receipt['run']>, rest: Partial<Receipt> = {}) =>
    ({
      run: { pipeline: 'shop', environment: 'dev', outcome: 'succeeded', options: {}, ...run },
      replay: { runId: 'aaaaaaaa-11111111', difference: 'file:///d', tables: [] },
      ...{ checks: [], sources: [], tables: [], error: null },
      ...rest,
    }) as unknown as Receipt;
  const verdict = (told: Receipt, ...tables: TableDifference[]) =>
    differenceVerdict(told, difference(...tables), { again: 'again', receipt: 'r.json' }).split('\n');

  test('nothing differs', () => {
    expect(verdict(receipt({}), same)).toEqual([
      'shop: nothing differs; nothing was published, as always by a replay',
      "cause: today's definition makes of the input of run 11111111 what was published then",
      'next:  again',
    ]);
  });

  test('something does', () => {
    expect(verdict(receipt({}), same, orders)).toEqual([
      'shop: 1 table of 2 differs; nothing was published, as always by a replay',
      'cause: most in orders: 3 added, 1 removed, 2 changed, 1,000 unchanged, 3 columns of another kind',
      'next:  where that is as it should be: npm run start-workflow shop -- --env=dev',
    ]);
  });

  test('a check blocks today, or it failed', () => {
    const check = {
      name: 'orders: n >= 0',
      severity: 'error',
      status: 'failed',
      failed: 3,
      sample: [],
      blocking: true,
      query: 'q',
    };
    const blocked = receipt({ outcome: 'blocked' }, { checks: [check] as unknown as Receipt['checks'] });
    expect(verdict(blocked, same).slice(0, 2)).toEqual([
      'shop: nothing differs; today a check would block it',
      'cause: orders: n >= 0: 3 rows',
    ]);
    const error = { type: 'SourceCorrupt', message: 'bad file\n  to do: mend it', stage: 'ingest' };
    expect(verdict(receipt({ outcome: 'failed' }, { error }))).toEqual([
      'replay of shop: failed',
      'cause: bad file',
      'next:  mend it',
    ]);
  });
});
