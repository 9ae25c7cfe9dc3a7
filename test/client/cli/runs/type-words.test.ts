import { expect, test } from 'vitest';
import { allRuledOut, whyType } from '../../../../client/cli/runs/type-words.ts';
import { column } from '../../../support/stored-run.ts';

test.each([
  [
    'integer',
    [
      { kind: 'boolean', line: 2 },
      { kind: 'date', line: 2 },
    ],
    '',
  ],
  [
    'decimal(10,2)',
    [
      { kind: 'date', line: 2 },
      { kind: 'integer', line: 1_042 },
    ],
    'line 1,042 is no integer',
  ],
  [
    'timestamp',
    [
      { kind: 'date', line: 7 },
      { kind: 'integer', line: 2 },
    ],
    '',
  ],
  [
    'text',
    [
      { kind: 'integer', line: 9 },
      { kind: 'decimal', line: 9 },
      { kind: 'date', line: 2 },
    ],
    'line 9 is no integer, no decimal',
  ],
  [
    'text',
    (['integer', 'decimal', 'date', 'timestamp'] as const).map((kind) => ({ kind, line: 2 })),
    'line 2 fits nothing narrower',
  ],
  ['text', [], ''],
] as const)('%s', (type, ruledOut, why) => {
  expect(whyType(column('c', type, { ruledOut }))).toBe(why);
});

test('what was declared was not found out', () => {
  expect(whyType(column('c', 'decimal(10,2)!', { origin: 'declared', ruledOut: [{ kind: 'integer', line: 3 }] }))).toBe(
    'declared',
  );
});

test('all that was ruled out, the last first', () => {
  const ruledOut = [
    { kind: 'date', line: 2 },
    { kind: 'integer', line: 40 },
    { kind: 'boolean', line: 0 },
  ] as const;
  expect(allRuledOut(column('c', 'text', { ruledOut }))).toBe('integer by line 40, date by line 2, boolean');
});
