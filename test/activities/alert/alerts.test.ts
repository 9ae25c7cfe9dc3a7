import { readFile, truncate, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendAlerts } from '../../../activities/alert/alert-log.ts';
import { compileAlerts, type Alert } from '../../../activities/alert/compile-alerts.ts';
import { compileReceipt } from '../../../activities/receipt/compile-receipt.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested } from '../../support/example-run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUN = {
  pipeline: 'shop',
  environment: 'dev',
  workflowId: 'w',
  runId: 'run-1',
  rootRunId: 'run-1',
  startedAt: '2026-01-01T00:00:00.000Z',
};

const alert = (id: string): Alert => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  severity: 'warning',
  pipeline: 'shop',
  environment: 'dev',
  runId: 'run-1',
  title: id,
  rows: 1,
  sample: [],
  blocking: false,
});

const linesOf = async (path: string) => (await readFile(path, 'utf8')).split('\n').filter(Boolean);

test('an alert is written once, whoever writes it again', async () => {
  const path = join(await temporaryFolder(), 'logs', 'alerts.log');
  expect(await appendAlerts(path, [alert('a'), alert('b')])).toHaveLength(2);
  expect(await appendAlerts(path, [alert('a'), alert('c')])).toEqual([alert('c')]);
  expect((await linesOf(path)).map((line) => (JSON.parse(line) as Alert).id)).toEqual(['a', 'b', 'c']);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test('a line cut short by a kill is written again, on a line of its own', async () => {
  const path = join(await temporaryFolder(), 'alerts.log');
  await appendAlerts(path, [alert('a'), alert('b')]);
  await truncate(path, (await stat(path)).size - 20);
  await appendAlerts(path, [alert('a'), alert('b')]);
  const whole = (await linesOf(path)).flatMap((line) => (line.endsWith('}') ? [(JSON.parse(line) as Alert).id] : []));
  expect(whole).toEqual(['a', 'b']);
});

test('failed checks from warning up become alerts; passed ones and notes do not', () => {
  const request: ReceiptRequest = {
    run: RUN,
    finishedAt: '2026-01-01T00:01:00.000Z',
    outcome: 'warned',
    plan: EXAMPLE_PLAN,
    sources: [
      {
        ...ingested('left'),
        guards: [{ name: 'left: fresh', severity: 'error', passed: false, detail: 'two days old' }],
      },
    ],
    failedSources: [],
    transformed: [],
    published: [],
  };
  const details = (['info', 'warning', 'critical'] as const).map((severity) => ({
    name: severity,
    table: 't',
    severity,
    status: severity === 'critical' ? ('passed' as const) : ('failed' as const),
    failed: 2,
    blocking: false,
    sample: ['id=1'],
    query: 'SELECT 1',
  }));
  const receipt = compileReceipt(
    request,
    { checks: details, readings: new Map() },
    { acequia: '0', duckdb: '0', node: '0' },
  );
  expect(
    compileAlerts({ run: RUN, outcome: 'warned' }, receipt).map(({ id, severity, rows, sample }) => [
      id,
      severity,
      rows,
      sample,
    ]),
  ).toEqual([
    ['run-1/left: fresh', 'error', 1, ['two days old']],
    ['run-1/warning', 'warning', 2, ['id=1']],
  ]);
});

test('a run that failed tells so even without a receipt', () => {
  const error = { type: 'DiskFull', message: 'The disk is full.\n  where: /x', stage: 'receipt' };
  expect(compileAlerts({ run: RUN, outcome: 'failed', error }, undefined)).toMatchObject([
    { id: 'run-1/run', severity: 'critical', title: 'the run failed: DiskFull: The disk is full.' },
  ]);
  expect(compileAlerts({ run: RUN, outcome: 'cancelled' }, undefined)).toMatchObject([{ severity: 'warning' }]);
});
