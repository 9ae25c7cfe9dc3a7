import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answers } from '../../infra/temporal/probe.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import { acequia, alertIds, killingAt, receiptOf, recordingTo } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { killPoints } from './kill-points.ts';

const RUN = ['start-workflow', 'sales', '--env', 'dev', '--json'];
const TABLES = ['clientes', 'inventario', 'productos', 'ventas'];

/** Where runs are killed: at every stage as it begins, inside it, and as it ends, before Temporal hears of it. */
const KILLED = killPoints(join(import.meta.dirname, 'kill-points.txt'));
const KILL_POINTS = KILLED.flatMap(({ at }) => at);

const CARRYING_ON = /carrying on the open run/;

interface Ending {
  readonly receipt: Receipt;
  readonly rows: Record<string, unknown[]>;
}

let scratch: string;
let undisturbed: Ending;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'acequia-kill-'));
  const home = join(scratch, 'undisturbed');
  const { exitCode, stdout, stderr } = await acequia(home, RUN, { env: recordingTo(join(scratch, 'events')) });
  expect(exitCode, stderr).toBe(0);
  undisturbed = await endingOf(home, stdout);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('the kill points lie at every boundary of a run and inside every stage', () => {
  const events = new Set(readFileSync(join(scratch, 'events'), 'utf8').trim().split('\n'));
  expect(KILL_POINTS.filter((point) => !events.has(point))).toEqual([]);
  const boundaries = [...events].filter((event) => event.endsWith('| (start)') || event.endsWith('| (end)'));
  expect(KILL_POINTS).toEqual(expect.arrayContaining(boundaries));
  const stagesOf = (points: Iterable<string>) => new Set([...points].map((point) => point.split(' | ')[0]));
  const inside = KILL_POINTS.filter((point) => !point.endsWith(')'));
  expect(stagesOf(inside)).toEqual(stagesOf(events));
});

describe.concurrent('killed with -9, the same command carries on and ends as if nothing had happened', () => {
  test.each(KILLED)('at: $at', { timeout: 600_000 }, async ({ at }) => {
    const home = join(scratch, `at-${KILL_POINTS.indexOf(at[0] ?? '')}`);
    for (const [index, point] of at.entries()) {
      const killed = await acequia(home, RUN, { env: killingAt(point) });
      expect([point, killed.signal], killed.stderr).toEqual([point, 'SIGKILL']);
      if (index > 0) expect(killed.stderr).toMatch(CARRYING_ON);
    }
    await expectRecovery(home, CARRYING_ON);
  });

  test.each([300, 900, 1_500, 2_500])('after %d ms', async (delay) => {
    const home = join(scratch, `after-${delay}`);
    const running = acequia(home, RUN);
    await pause(delay);
    running.kill('SIGKILL');
    await running;
    await expectRecovery(home);
  });
});

describe.concurrent('the Temporal server killed with -9 comes back and the command does not notice', () => {
  test.each(['ingest ventas | casting', 'publish empresa.db | committing', 'check | (end)'])(
    'at: %s',
    async (point) => {
      const home = join(scratch, `server-${point.replace(/\W+/g, '-')}`);
      const { exitCode, stdout, stderr } = await acequia(home, RUN, {
        env: killingAt(point, join(home, 'dev', 'server.json')),
      });
      expect(exitCode, stderr).toBe(0);
      expectSame(await endingOf(home, stdout));
    },
  );
});

/** Starts the command again: it must finish the open run, do nothing twice, and leave no server behind. */
async function expectRecovery(home: string, said?: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await acequia(home, RUN);
  expect(exitCode, stderr).toBe(0);
  if (said) expect(stderr).toMatch(said);
  expectSame(await endingOf(home, stdout));
  const { ports } = JSON.parse(readFileSync(join(home, 'dev', 'server.json'), 'utf8')) as { ports: { grpc: number } };
  expect(await answers(`127.0.0.1:${ports.grpc}`, 500)).toBe(false);
}

/** Row for row, sum for sum; each table loaded once, each alert told once. */
function expectSame(ending: Ending & { readonly loads: unknown; readonly alerts: readonly string[] }): void {
  expect(ending.rows).toEqual(undisturbed.rows);
  expect(accountOf(ending.receipt)).toEqual(accountOf(undisturbed.receipt));
  expect(ending.loads).toEqual(TABLES.map((table) => ({ table_name: table, loads: '1' })));
  expect(new Set(ending.alerts).size).toBe(ending.alerts.length);
  expect(ending.alerts).toHaveLength(6);
}

async function endingOf(home: string, stdout: string) {
  const database = join(home, 'dev', 'out', 'sales', 'empresa.db');
  const rows: Record<string, unknown[]> = {};
  for (const table of TABLES) rows[table] = await askSqlite(database, `SELECT * FROM ${table} ORDER BY 1, 2, 3`);
  const loads = await askSqlite(
    database,
    'SELECT table_name, count(*) AS loads FROM _acequia_ledger GROUP BY 1 ORDER BY 1',
  );
  expect((await readdir(join(home, 'dev', 'out', 'sales'))).filter((name) => name.endsWith('-journal'))).toEqual([]);
  return { receipt: receiptOf(stdout), rows, loads, alerts: alertIds(home) };
}

/** What a receipt says apart from when and in which run. */
function accountOf({ run, sources, tables, checks, accounted }: Receipt): unknown {
  return {
    outcome: run.outcome,
    accounted,
    sources: sources.map(({ quarantine: _, report: __, ...source }) => source),
    tables: tables.map(({ stored, ...table }) => ({ ...table, stored: stored.map(inLake) })),
    checks: checks.map(({ name, status, failed, sample }) => ({ name, status, failed, sample })),
  };
}

function inLake(uri: string): string {
  return uri.replace(/^.*\/lake\//, '');
}
