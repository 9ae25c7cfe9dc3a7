import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { receiptOf } from '../support/command.ts';
import { startDevServer } from '../support/dev-server.ts';
import { holdLock } from './support/held-lock.ts';
import { expectNothingLeft, untilNothingLeft, useHome, type Home } from './support/home.ts';
import { run, startTyped } from './support/typed.ts';

const START = ['node', 'infra/setup/launch.mjs', 'start-workflow', 'sales'];

/** A run that cannot publish before the lock is released: open for as long as a test needs. */
async function slowRun(home: Home) {
  const lock = await holdLock(home.database);
  onTestFinished(() => lock.release().catch(() => undefined));
  const command = startTyped(home.path, [...START, '--json']);
  await command.said('publish empresa.db started');
  return { lock, command };
}

/** The runs a home's server knows of, oldest first. */
async function runsOf(home: string) {
  const server = await startDevServer(home);
  try {
    const runs = [];
    for await (const { runId, status } of server.client.workflow.list({ query: "WorkflowId = 'sales-dev'" })) {
      runs.push({ runId, status: status.name });
    }
    return runs.reverse();
  } finally {
    await server.close();
  }
}

describe('while a run is open', () => {
  const home = useHome();

  test('a second start shows it and exits 4, --wait ends with the same receipt', async () => {
    const { lock, command } = await slowRun(home);
    const link = /http:\S+\/history/.exec(command.output())?.[0] ?? '';

    const second = await run(home.path, ['start-workflow', 'sales']);
    expect(second.exitCode).toBe(4);
    const [verdict, cause, next] = second.stdout.split('\n').slice(-3);
    expect(verdict).toBe('sales: already running');
    expect(cause).toMatch(/^cause: a run is open since \d{4}-\d\d-\d\dT[\d:.]+Z: /);
    expect(cause?.endsWith(link)).toBe(true);
    expect(next).toBe('next:  npm run start-workflow sales --env=dev --wait   joins it');
    expect(second.stderr).toMatch(/^using the embedded Temporal server that is up at 127/m);

    const third = await run(home.path, ['start-workflow', 'sales', '--json']);
    expect(third.exitCode).toBe(4);
    expect(JSON.parse(third.stdout)).toMatchObject({ exitCode: 4, run: { outcome: null, link } });

    const waiting = startTyped(home.path, [...START, '--wait', '--json']);
    await waiting.said('joining the open run');
    await lock.release();
    const [first, joined] = await Promise.all([command.ended, waiting.ended]);
    expect([first.exitCode, joined.exitCode], first.stderr).toEqual([0, 0]);
    expect(joined.stdout).toBe(first.stdout);
    const { runId } = receiptOf(first.stdout).run;
    expect(await runsOf(home.path)).toEqual([{ runId, status: 'COMPLETED' }]);
    await expectNothingLeft(home.path);
  });
});

describe('two starts at once', () => {
  const home = useHome();

  test('one run in the history; the other command says that it runs, with exit 4', async () => {
    const both = await Promise.all([1, 2].map(() => run(home.path, ['start-workflow', 'sales', '--json'])));
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 4]);
    const runs = await runsOf(home.path);
    expect(runs).toHaveLength(1);
    for (const { stdout } of both) {
      expect((JSON.parse(stdout) as { run: Receipt['run'] }).run.runId).toBe(runs[0]?.runId);
    }
  });
});

describe('--detach', () => {
  const home = useHome();

  test('starts and leaves; the log file tells the rest, and the run ends by itself', async () => {
    const { exitCode, stdout } = await run(home.path, ['start-workflow', 'sales', '--detach']);
    expect(exitCode).toBe(0);
    const log = /^log: (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(stdout).toMatch(/^sales: started; http:\S+\/history$/m);
    expect(existsSync(log)).toBe(true);
    await expect
      .poll(() => readFileSync(log, 'utf8'), { timeout: 60_000 })
      .toMatch(/^sales: needs attention: published/m);
    await untilNothingLeft(home.path);
    expect((await runsOf(home.path)).map(({ status }) => status)).toEqual(['COMPLETED']);
  });
});

describe('Ctrl-C', () => {
  const home = useHome();

  test('once: the run is cancelled, its receipt and an alert are written, nothing is left', async () => {
    const { lock, command } = await slowRun(home);
    const { exitCode, stdout, stderr } = await command.interrupt();
    await lock.release();
    expect(exitCode, stderr).toBe(130);
    expect(stderr).toContain('sales: cancelling the run; Ctrl-C again leaves at once');
    const receipt = receiptOf(stdout);
    expect(receipt).toMatchObject({ run: { outcome: 'cancelled' }, results: [], error: { type: 'Cancelled' } });
    expect(receipt.tables.every(({ destination }) => destination === null)).toBe(true);
    const alerts = readFileSync(`${home.path}/dev/alerts.log`, 'utf8');
    expect(alerts).toContain('"title":"the run was cancelled"');
    expect(await runsOf(home.path)).toEqual([{ runId: receipt.run.runId, status: 'CANCELLED' }]);
    await expectNothingLeft(home.path);
  });

  test('twice: it leaves at once, and the next start publishes', async () => {
    const { lock, command } = await slowRun(home);
    command.press();
    await command.said('Ctrl-C again leaves at once');
    // What comes sooner counts as the same press.
    await new Promise((resolve) => setTimeout(resolve, 450));
    const { exitCode } = await command.interrupt();
    expect(exitCode).toBe(130);
    await lock.release();
    const next = await run(home.path, ['start-workflow', 'sales', '--json']);
    expect(next.exitCode, next.stderr).toBe(0);
    expect(receiptOf(next.stdout)).toMatchObject({ run: { outcome: 'warned' }, results: [home.database] });
    await expectNothingLeft(home.path);
  });

  test('a run left while it was being cancelled is ended by the next start, which then begins another', async () => {
    const { lock, command } = await slowRun(home);
    command.press('SIGKILL');
    await command.ended;
    const server = await startDevServer(home.path);
    await server.client.workflow.getHandle('sales-dev').cancel();
    await lock.release();
    const { exitCode, stdout, stderr } = await run(home.path, ['start-workflow', 'sales', '--json']);
    await server.close();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('sales: the open run had been cancelled and has ended now; starting another');
    expect(receiptOf(stdout).run.outcome).toBe('warned');
    expect((await runsOf(home.path)).slice(-2).map(({ status }) => status)).toEqual(['CANCELLED', 'COMPLETED']);
  });
});
