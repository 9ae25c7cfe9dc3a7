import { describe, expect, test } from 'vitest';
import { compileAlerts } from '../../../activities/alert/compile-alerts.ts';
import { compileChecks } from '../../../activities/receipt/compile-checks.ts';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import { receiptMarkdown } from '../../../activities/receipt/receipt-markdown.ts';
import { receiptText } from '../../../client/cli/receipt-text.ts';
import { colorsFor } from '../../../client/cli/terminal.ts';
import { verdictOf } from '../../../client/cli/verdict-lines.ts';
import type { CheckDetail, ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested } from '../../support/example-run.ts';

const load = {
  ...{ name: 'both', destination: 'example.db', loadId: 'l', rows: 9, inserted: 9, updated: 0, unchanged: 0 },
  ...{ removed: 0, digest: 'd', differences: [] },
};
const failing: CheckDetail = {
  ...{ name: 'both: price >= 0', table: 'both', severity: 'error', status: 'failed', failed: 3, blocking: true },
  ...{ sample: ['id=4711'], query: 'q' },
};
const publishAnyway = [{ check: 'PRICE', reason: 'refunds are negative' }];
const run = {
  ...{ pipeline: 'example', environment: 'dev', workflowId: 'example-dev', runId: 'r', rootRunId: 'r' },
  startedAt: '2026-01-01T00:00:00.000Z',
};
const request: ReceiptRequest = {
  run,
  ...{ finishedAt: '2026-01-01T00:00:09.000Z', outcome: 'warned', failedSources: [], published: [load] },
  plan: { ...EXAMPLE_PLAN, options: { publishAnyway } },
  sources: [ingested('left'), ingested('right')],
  transformed: [{ name: 'both', rows: 9, promisedRows: 9, uris: ['file:///lake/both'] }],
};
const receiptOf = (change: Partial<ReceiptRequest> = {}, checks: readonly CheckDetail[] = [failing]) =>
  compileReceipt({ ...request, ...change }, { checks, readings: new Map() }, { acequia: '0', duckdb: '1', node: '20' });

describe('a check that a person overrode', () => {
  test('stands in the receipt with the reason; the others without', () => {
    const checks = compileChecks(request, [failing]);
    expect(checks.filter(({ override }) => override)).toEqual([
      {
        ...{ name: 'both: price >= 0', severity: 'error', status: 'failed', failed: 3, sample: ['id=4711'] },
        ...{ blocking: true, unconditional: false, query: 'q', override: { reason: 'refunds are negative' } },
      },
    ]);
  });

  test('that passed after all has been overridden by nobody', () => {
    const passing = { ...failing, status: 'passed', failed: 0, sample: [] } as const;
    expect(compileChecks(request, [passing]).some(({ override }) => override)).toBe(false);
    expect(compileChecks({ ...request, plan: EXAMPLE_PLAN }, [failing]).some(({ override }) => override)).toBe(false);
  });

  test('is told on the screen, in Markdown and in the alert, with the reason', () => {
    const receipt = receiptOf();
    const words = 'published anyway: refunds are negative';
    expect(receiptText(receipt, { embedded: false }, colorsFor({}))).toContain(
      `both: price >= 0: 3 rows: id=4711, …; ${words}`,
    );
    expect(receiptMarkdown(receipt)).toContain(`| error, blocking | both: price >= 0 (${words}) | 3 |`);
    expect(compileAlerts({ run, outcome: 'warned' }, receipt)).toMatchObject([
      { title: `both: price >= 0 (${words})`, severity: 'error', blocking: false, rows: 3 },
    ]);
    const info = receiptOf({}, [{ ...failing, severity: 'info' }]);
    expect(compileAlerts({ run, outcome: 'warned' }, info)).toHaveLength(1);
  });

  test('of a run that published nothing would be published anyway', () => {
    const receipt = receiptOf({ published: [] });
    expect(receiptText(receipt, { embedded: false }, colorsFor({}))).toContain('would be published anyway: refunds');
    expect(compileAlerts({ run, outcome: 'warned' }, receipt)[0]?.title).toContain('would be published anyway');
  });
});

describe('the last lines of a run that is blocked', () => {
  const blocked = (checks: readonly CheckDetail[], change: Partial<ReceiptRequest> = {}) =>
    verdictOf(receiptOf({ outcome: 'blocked', published: [], plan: EXAMPLE_PLAN, ...change }, checks), 'again', 'file');

  test('name the flag as the last resort', () => {
    expect(blocked([failing]).next).toBe(
      "mend the source or the check (the query behind it is in file), then: again; as the last resort, for one run, add: '--publish-anyway=both: price >= 0' --reason=why",
    );
  });

  test('name it for nothing that holds unconditionally', () => {
    expect(blocked([failing, { ...failing, name: 'key', unconditional: true }]).next).not.toContain('publish-anyway');
    const sources = [{ ...ingested('left'), staged: 8 }];
    expect(blocked([], { sources }).next).not.toContain('publish-anyway');
  });

  test('name what still blocks, not what was overridden', () => {
    const { cause, next } = blocked([failing, { ...failing, name: 'other' }], { plan: request.plan! });
    expect(cause).toBe('other: 3 rows');
    expect(next).toContain('--publish-anyway=other --reason=why');
  });
});
