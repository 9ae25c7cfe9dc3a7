import { expect, test } from 'vitest';
import { parseDuration, parseRetention } from '../../../workflows/definition/index.ts';

test.each([
  ['staging=7d', { staging: '7d' }],
  ['staging=7d,landing=90d,quarantine=1y', { staging: '7d', landing: '90d', quarantine: '1y' }],
  [' landing = 12w , staging=24h', { landing: '12w', staging: '24h' }],
])('%s', (text, retention) => {
  expect(parseRetention(text)).toEqual({ retention });
});

test.each([
  ['', '"" is not written part=duration'],
  ['staging', '"staging" is not written part=duration'],
  ['staging=7d,', '"" is not written part=duration'],
  ['staging=7d=8d', '"staging=7d=8d" is not written part=duration'],
  ['stagin=7d', 'there is no part "stagin"; there are landing, quarantine and staging. Did you mean "staging"?'],
  ['staging=7d,staging=8d', 'staging is given twice'],
  ['staging=soon', 'staging: "soon" is no duration; one such as 12w, 90d or 1y is expected'],
  ['staging=23h', 'staging: "23h" is less than a day, and nothing younger is removed'],
  ['staging=0d', 'staging: "0d" is less than a day, and nothing younger is removed'],
])('%s is refused', (text, problem) => {
  expect(parseRetention(text)).toEqual({ problem });
});

test('weeks and years are durations, too', () => {
  expect([parseDuration('2w'), parseDuration('1y'), parseDuration('1x')]).toEqual([
    14 * 86_400_000,
    365 * 86_400_000,
    undefined,
  ]);
});
