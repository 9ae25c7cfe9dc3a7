import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runChecks, type CheckSettings } from '../../../activities/check/run-checks.ts';
import { compileChecks } from '../../../activities/check/compile-checks.ts';
import { check, type CheckDefinition } from '../../../workflows/definition/index.ts';
import type { CheckDetail } from '../../../workflows/stages.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const STARTED = '2025-01-31T12:00:00.000Z';
const RUN = { pipeline: 'shop', environment: 'dev', workflowId: 'w', runId: 'r', rootRunId: 'r', startedAt: STARTED };

const nothingStands: CheckSettings = { withStanding: () => Promise.reject(new Error('no table stands anywhere')) };

/** Asks checks of a table `sales` made by a query, beside a table `cities` with the ids 1 to 3. */
async function ask(sales: string, checks: readonly CheckDefinition[], key = ['id']): Promise<CheckDetail[]> {
  const folder = await temporaryFolder();
  const tables = [
    await stage(folder, 'sales', sales),
    await stage(folder, 'cities', 'SELECT i AS city FROM range(1, 4) t(i)'),
  ];
  const model = { key, references: { city: 'cities.city' }, checks };
  const plans = compileChecks('sales', model, {
    sqlFiles: new Map([['odd', 'SELECT id FROM sales WHERE id % 2 = 1']]),
    ageless: false,
  });
  const request = { run: RUN, lake: `file://${folder}/lake`, asOf: '2025-01-31', checks: plans, sources: [], tables };
  const { report, outcomes } = await runChecks(request, quietWork(), nothingStands);
  const details = JSON.parse(await readFile(fileURLToPath(report), 'utf8')) as CheckDetail[];
  expect(outcomes.map(({ name, failed }) => [name, failed])).toEqual(details.map(({ name, failed }) => [name, failed]));
  return details;
}

const found = (details: readonly CheckDetail[]) =>
  details.map(({ status, failed, sample }) => [status, failed, sample]);

const sound = 'SELECT i AS id, i % 3 + 1 AS city, i * 1.5 AS price FROM range(1, 9) t(i)';

test('sound rows pass every check', async () => {
  const checks = [check.that('price >= 0'), check.references('city'), check.unique(['id', 'city'])];
  expect(found(await ask(sound, checks))).toEqual(Array(4).fill(['passed', 0, []]));
});

test('each planted fault is found by its check, which names the rows', async () => {
  const doubled = await ask(`${sound} UNION ALL (${sound} LIMIT 1)`, []);
  expect(found(doubled)).toEqual([['failed', 1, ['id=1']]]);
  const empty = await ask(`${sound} UNION ALL SELECT NULL, 1, 1`, []);
  expect(found(empty)).toEqual([['failed', 1, ['id=NULL']]]);
  const negative = await ask(`${sound} UNION ALL SELECT 77, 1, -0.01`, [check.that('price >= 0')]);
  expect(found(negative)[1]).toEqual(['failed', 1, ['id=77']]);
  const orphan = await ask(`${sound} UNION ALL SELECT 77, 9, 1`, [check.references('city')]);
  expect(found(orphan)[1]).toEqual(['failed', 1, ['id=77, city=9']]);
  const own = await ask(sound, [check.sql('odd', { severity: 'warning' })]);
  expect(found(own)[1]).toEqual(['failed', 4, ['id=1', 'id=3', 'id=5', 'id=7']]);
});

test('empty, not accepted and out of range: each names its rows, with the values', async () => {
  const rows = `SELECT * FROM (VALUES (1, 1, 'paid', 5.0), (2, 1, 'lost', 5.0), (3, NULL, 'open', -0.5), (4, 1, NULL, 10.5), (5, 1, 'open', NULL)) t(id, city, status, price)`;
  const details = await ask(rows, [
    check.notNull('city'),
    check.notNull(['city', 'price']),
    check.accepted('status', ['open', 'paid'], { severity: 'warning' }),
    check.range('price', { atLeast: 0, atMost: '10.00' }),
    check.range('price', { atLeast: 0 }),
  ]);
  expect(details.slice(1).map(({ name, sample, severity }) => [name, sample, severity])).toEqual([
    ['sales: city is never empty', ['id=3, city=NULL'], 'error'],
    ['sales: city, price are never empty', ['id=3, city=NULL, price=-0.5', 'id=5, city=1, price=NULL'], 'error'],
    ['sales: status is one of open, paid', ['id=2, status=lost'], 'warning'],
    ['sales: price is at least 0 and at most 10.00', ['id=3, price=-0.5', 'id=4, price=10.5'], 'error'],
    ['sales: price is at least 0', ['id=3, price=-0.5'], 'error'],
  ]);
});

test('a stale table is found, with its newest row: late is an error, later than it should be a warning; an empty one is not fresh', async () => {
  const newest = (at: string): string =>
    `SELECT 1 AS id, 1 AS city, 1.0 AS price, TIMESTAMPTZ '${at}' AS "at" UNION ALL SELECT 2, 1, 1, '2020-01-01 00:00:00Z'`;
  const fresh = check.fresh('at', { within: '48h', warnAfter: '24h' });
  const statuses = async (rows: string) => (await ask(rows, [fresh])).slice(1);
  expect((await statuses(newest('2025-01-30 12:00:00Z'))).map(({ status }) => status)).toEqual(['passed', 'passed']);
  expect(await statuses(newest('2025-01-30 11:59:59Z'))).toMatchObject([
    { name: 'sales: newest at is at most 48h old', status: 'passed', blocking: true },
    { name: 'sales: newest at is at most 24h old', status: 'failed', severity: 'warning', blocking: false },
  ]);
  expect(await statuses(newest('2025-01-29 11:59:59Z'))).toMatchObject([
    { status: 'failed', severity: 'error', blocking: true, sample: ['newest=2025-01-29 11:59:59+00'] },
    { status: 'failed' },
  ]);
  expect(await statuses(`SELECT * FROM (${newest('2025-01-31 11:00:00Z')}) WHERE false`)).toMatchObject([
    { status: 'failed', sample: ['newest=NULL'] },
    { status: 'failed' },
  ]);
  // A date is its begin in UTC.
  const days = `SELECT 1 AS id, 1 AS city, 1.0 AS price, DATE '2025-01-30' AS "at"`;
  expect((await statuses(days)).map(({ status }) => status)).toEqual(['passed', 'failed']);
});

test('NULL passes a condition and a reference', async () => {
  const details = await ask('SELECT 1 AS id, NULL::BIGINT AS city, NULL::DOUBLE AS price', [
    check.that('price >= 0'),
    check.references('city'),
  ]);
  expect(details.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
});

test('a condition may end in a comment and may hold OR', async () => {
  const details = await ask(`${sound} UNION ALL SELECT 77, 1, -1`, [check.that('price > 0 OR id > 100 -- refunds')]);
  expect(found(details)[1]).toEqual(['failed', 1, ['id=77']]);
});

test('a sample is ten rows at most, in order, of all that failed', async () => {
  const [, many] = await ask('SELECT i AS id, 1 AS city, -1 AS price FROM range(1, 501) t(i)', [
    check.that('price >= 0'),
  ]);
  expect(many).toMatchObject({ failed: 500, sample: Array.from({ length: 10 }, (_, i) => `id=${i + 1}`) });
});

test('severity decides whether a failure blocks, unless the check says otherwise', async () => {
  const severities = ['info', 'warning', 'error', 'critical'] as const;
  const details = await ask(sound, [
    ...severities.map((severity) => check.that('id < 0', { severity, name: severity })),
    check.that('id < 0', { name: 'let pass', blocking: false }),
    check.that('id < 0', { name: 'held up', severity: 'info', blocking: true }),
  ]);
  expect(details.slice(1).map(({ name, blocking }) => [name, blocking])).toEqual([
    ['info', false],
    ['warning', false],
    ['error', true],
    ['critical', true],
    ['let pass', false],
    ['held up', true],
  ]);
});

test('a check that cannot run is a result of its own, and the others go on', async () => {
  const details = await ask("SELECT 'x' AS id, 1 AS city, 1 AS price", [
    check.that('id::BIGINT > 0'),
    check.that('price > 0'),
  ]);
  expect(details.map(({ status }) => status)).toEqual(['passed', 'error', 'passed']);
  expect(details[1]?.error).toMatch(/Conversion[^]*'…'/);
});

test('a check whose remedy is left open is asked like any other', async () => {
  const open = { ...check.that('price >= 0'), remedy: undefined } as unknown as CheckDefinition;
  expect(found(await ask(`${sound} UNION ALL SELECT 77, 1, -1`, [open]))[1]).toEqual(['failed', 1, ['id=77']]);
});
