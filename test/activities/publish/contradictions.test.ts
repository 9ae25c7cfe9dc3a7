import { expect, test } from 'vitest';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import { contradictionsIn } from '../../../activities/publish/verify/contradictions.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { NOTHING, request, VERSIONS } from '../receipt/receipt-request.ts';

const SOUND = compileReceipt(request, NOTHING, VERSIONS);

/** The receipt with some figures changed by hand. */
function forged(change: { source?: Partial<Receipt['sources'][number]>; table?: Partial<Receipt['tables'][number]> }) {
  const [source, ...sources] = SOUND.sources;
  const [table, ...tables] = SOUND.tables;
  return {
    ...SOUND,
    sources: [{ ...source!, ...change.source }, ...sources],
    tables: [{ ...table!, ...change.table }, ...tables],
  };
}

test('a receipt as it was written does not contradict itself', () => {
  expect(SOUND.accounted).toBe(true);
  expect(contradictionsIn(SOUND)).toEqual([]);
});

test.each([
  [{ source: { read: 77 } }, 'left: rows read: 77, and not 9 staged + 1 quarantined + 0 deduplicated'],
  [{ source: { quarantined: 3 } }, 'left: rows read: 10, and not 9 staged + 3 quarantined + 0 deduplicated'],
  [
    { table: { inserted: 8 } },
    'both in example.db: rows: 9, and not 8 inserted + 0 updated + 0 unchanged + 0 outdated',
  ],
  [
    { table: { source: 'left', filtered: 1 } },
    'both: rows read of left: 10, and not 9 rows + 1 quarantined + 0 deduplicated + 1 filtered',
  ],
])('%j is told', (change, told) => {
  expect(contradictionsIn(forged(change))).toContain(told);
});

test('one that says itself that rows are missing contradicts nothing', () => {
  expect(contradictionsIn({ ...forged({ source: { read: 77 } }), accounted: false })).toEqual([]);
});
