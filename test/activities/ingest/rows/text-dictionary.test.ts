import { expect, test } from 'vitest';
import { MOST_ENTRIES, TextDictionary } from '../../../../activities/ingest/rows/text-dictionary.ts';

test('texts of the same hash are told apart, and each is found again; beyond its room there is no entry', () => {
  const dictionary = new TextDictionary();
  const view = new DataView(new ArrayBuffer(12 * MOST_ENTRIES + 12));
  // So many that by chance a few share their 32 bits of hash.
  for (let fill = 0; fill < 12; fill += 1) {
    let state = fill + 1;
    for (let i = 0; i < view.byteLength; i += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      view.setInt32(i, state ^ (state >>> 13), true);
    }
    dictionary.clear();
    let wrong = 0;
    for (let pass = 0; pass < 2; pass += 1) {
      for (let entry = 0; entry < MOST_ENTRIES; entry += 1) {
        if (dictionary.indexOf(view, 12 * entry, 12 * entry + 12) !== entry) wrong += 1;
      }
    }
    expect({ fill, wrong, entries: dictionary.entries }).toEqual({ fill, wrong: 0, entries: MOST_ENTRIES });
    expect(dictionary.indexOf(view, 12 * MOST_ENTRIES, 12 * MOST_ENTRIES + 12)).toBe(-1);
  }
});
