import { expect, test } from 'vitest';
import { cleanUpTable, cleanUpVerdict } from '../../../../client/cli/clean-up/clean-up-text.ts';
import type { CleanUpSummary, PartSummary } from '../../../../workflows/clean-up-contract.ts';

const part = (name: PartSummary['part'], retention: string | null, freed: number): PartSummary => ({
  ...{ part: name, retention, freed: { files: freed, bytes: freed * 1_500 }, kept: { files: 1_200, bytes: 4e9 } },
  oldestKept: { key: `${name}/x`, writtenAt: '2026-05-01T10:00:00.000Z' },
});

const summary: CleanUpSummary = {
  ...{ dryRun: true, at: '2026-06-01T12:00:00.000Z', openSince: '2026-05-31T12:00:00.000Z' },
  parts: [part('landing', '90d', 2), part('quarantine', null, 0), part('staging', '7d', 12), part('incoming', null, 0)],
};

test('what goes, what stays, and since when', () => {
  expect(cleanUpTable(summary)).toMatchInlineSnapshot(`
    "┌────────────┬─────────────────────────┬──────────┬───────┬───────┬──────┬───────────────────┐
    │ part       │ kept for                │ would go │       │ stays │      │ oldest that stays │
    ├────────────┼─────────────────────────┼──────────┼───────┼───────┼──────┼───────────────────┤
    │ landing    │ 90d                     │        2 │  3 kB │ 1,200 │ 4 GB │ 2026-05-01        │
    │ quarantine │ ever                    │        0 │   0 B │ 1,200 │ 4 GB │ 2026-05-01        │
    │ staging    │ 7d                      │       12 │ 18 kB │ 1,200 │ 4 GB │ 2026-05-01        │
    │ incoming   │ (left by killed writes) │        0 │   0 B │ 1,200 │ 4 GB │ 2026-05-01        │
    └────────────┴─────────────────────────┴──────────┴───────┴───────┴──────┴───────────────────┘
    a run is open since 2026-05-31T12:00:00.000Z: nothing written since then goes"
  `);
});

test('the last lines say what was asked for and what to type next', () => {
  expect(cleanUpVerdict(summary, 'dev')).toBe(
    [
      'clean-up: nothing removed; 14 files, 21 kB would go',
      'cause: landing older than 90d, staging older than 7d; receipts stay',
      'next:  npm run acequia -- clean-up --env=dev   removes them',
    ].join('\n'),
  );
  expect(cleanUpVerdict({ ...summary, dryRun: false }, 'dev')).toMatch(/^clean-up: 14 files, 21 kB removed\n/);
  const nothing = summary.parts.map((one) => ({ ...one, freed: { files: 0, bytes: 0 } }));
  expect(cleanUpVerdict({ ...summary, parts: nothing }, 'dev')).toMatch(/^clean-up: nothing to remove\ncause: landing/);
  const forEver = nothing.map((one) => ({ ...one, retention: null }));
  expect(cleanUpVerdict({ ...summary, parts: forEver }, 'dev')).toMatch(
    /^clean-up: nothing to remove\ncause: everything is kept for ever: ACEQUIA_RETENTION is not set\nnext: {2}ACEQUIA_RETENTION=staging=7d/,
  );
  expect(cleanUpVerdict({ ...summary, parts: [part('incoming', null, 1)] }, 'dev')).toContain(
    'cause: what killed writes left behind; receipts stay',
  );
});
