import { expect, test } from 'vitest';
import { alertLine } from '../../../client/cli/alert-line.ts';
import { fitting, keyList } from '../../../client/cli/key-list.ts';

test('rows of several key columns are told apart; what does not fit becomes …', () => {
  expect(keyList(['id=1'], 1)).toBe('id=1');
  expect(keyList(['id=1', 'id=2'], 2)).toBe('id=1, id=2');
  expect(keyList(['id=1', 'id=2', 'id=3', 'id=4', 'id=5', 'id=6'], 9)).toBe('id=1, id=2, id=3, id=4, id=5, …');
  expect(keyList(['id=9, to=11', 'id=20, to=11'], 2)).toBe('(id=9, to=11), (id=20, to=11)');
  const long = `id=${'9'.repeat(200)}`;
  expect(keyList([long, long], 2)).toBe(`${long}, …`);
});

test('a list says how much of it was left out', () => {
  expect(fitting(['a', 'b', 'c'], '; ', 4, (left) => `and ${left} more`)).toBe('a; b; and 1 more');
  expect(fitting(['a', 'b'], '; ', 80)).toBe('a; b');
  expect(fitting(['long as can be'], '; ', 3)).toBe('long as can be');
});

test('an alert keeps to a line; only a list of reasons is ever cut', () => {
  const alert = { severity: 'warning', pipeline: 'sales', title: 'bad rows', rows: 1 };
  const reasons = Array.from({ length: 9 }, (_, index) => `${9 - index} × fecha: unreadable date`).join(', ');
  expect(alertLine({ ...alert, sample: [`45 of 99 rows quarantined (45 %, limit 5 %): ${reasons}`] })).toBe(
    'alert: WARNING sales: bad rows: 45 of 99 rows quarantined (45 %, limit 5 %): 9 × fecha: unreadable date, 8 × fecha: unreadable date, …',
  );
  const stale = `/in/${'x'.repeat(200)}.csv was last changed at noon, 3 days later, and at most 1 day is promised`;
  expect(alertLine({ ...alert, sample: [stale] })).toBe(`alert: WARNING sales: bad rows: ${stale}`);
  expect(alertLine({ ...alert, rows: 2, sample: ['id=1, to=2', 'id=2, to=2'] })).toBe(
    'alert: WARNING sales: bad rows: 2 rows: (id=1, to=2), (id=2, to=2)',
  );
});
