import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleanUpKey, type CleanUpRecord, type CleanUpSummary } from '../../workflows/clean-up-contract.ts';
import { killingAt, receiptOf } from '../support/command.ts';
import { startDevServer } from '../support/dev-server.ts';
import { expectNothingLeft, useDev, useHome, type Home } from './support/home.ts';
import { run } from './support/typed.ts';

const DAY = 86_400_000;
const KEPT = { env: { ACEQUIA_RETENTION: 'staging=7d,landing=30d,quarantine=1y' } };

const lakeOf = (home: Home) => join(home.path, 'dev', 'lake');

/** Key → bytes of all there is below some folders of the lake. */
function files(home: Home, folders = ['landing', 'staging', 'models', 'reports', 'quarantine', 'incoming']) {
  const found = new Map<string, number>();
  for (const folder of folders.filter((name) => existsSync(join(lakeOf(home), name)))) {
    for (const entry of readdirSync(join(lakeOf(home), folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) found.set(path.slice(lakeOf(home).length + 1), statSync(path).size);
    }
  }
  return found;
}

const bytesIn = (all: ReadonlyMap<string, number>) => [...all.values()].reduce((sum, bytes) => sum + bytes, 0);

/** All that is in the lake looks as if it had been there for some days. */
function age(home: Home, days: number): void {
  const then = Date.now() - days * DAY;
  for (const key of files(home, ['receipts']).keys()) {
    const path = join(lakeOf(home), key);
    if (!key.endsWith('.json')) continue;
    const receipt = receiptOf(readFileSync(path, 'utf8'));
    const finishedAt = new Date(then).toISOString();
    writeFileSync(path, JSON.stringify({ ...receipt, run: { ...receipt.run, finishedAt } }));
  }
  for (const key of files(home).keys()) utimesSync(join(lakeOf(home), key), then / 1_000, then / 1_000);
}

describe('a lake of forty days', () => {
  const home = useHome();
  useDev(home);
  const clean = (...args: string[]) => run(home.path, ['clean-up', ...args], KEPT);

  test('without a setting nothing goes, and the command says which one it is', async () => {
    expect((await run(home.path, ['start-workflow', 'sales'])).exitCode).toBe(0);
    age(home, 40);
    const before = files(home);
    const { exitCode, stdout } = await run(home.path, ['clean-up']);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('cause: everything is kept for ever: ACEQUIA_RETENTION is not set');
    expect(files(home)).toEqual(before);
  });

  test('a run that finds its work done claims it, so that a clean-up of the same moment leaves it', async () => {
    expect((await run(home.path, ['start-workflow', 'sales'])).exitCode).toBe(0);
    const found = [...files(home, ['landing', 'staging', 'models', 'quarantine']).keys()];
    const since = (key: string) => Date.now() - statSync(join(lakeOf(home), key)).mtimeMs;
    expect(found.filter((key) => since(key) > DAY)).toEqual([]);
    age(home, 40);
  });

  test('while a run is open, nothing goes that it may have found', async () => {
    const server = await startDevServer(home.path);
    const handle = await server.client.workflow.start('runPipeline', {
      taskQueue: 'nobody',
      workflowId: 'other-dev',
      args: [{ pipeline: 'other', environment: 'dev', options: {} }],
    });
    const { stdout } = await clean('--dry-run', '--json');
    const { openSince } = JSON.parse(stdout) as CleanUpSummary;
    expect(openSince).toBe((await handle.describe()).startTime.toISOString());
    await handle.terminate();
    await server.close();
  });

  test('--dry-run shows what goes, the same that then goes; the sums are those of the disk', async () => {
    const before = files(home);
    const looked = await clean('--dry-run');
    expect(looked.exitCode, looked.stderr).toBe(0);
    expect(files(home)).toEqual(before);
    expect(looked.stdout).toMatch(/│ landing +│ 30d +│ +4 │ .*│ +0 │ +0 B │/);
    expect(looked.stdout).toMatch(/^clean-up: nothing removed; \d+ files, .* would go$/m);

    const { exitCode, stdout, stderr } = await clean('--json');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('│ would go │');
    const { parts } = JSON.parse(stdout) as CleanUpSummary;
    const after = files(home);
    const gone = new Map([...before].filter(([key]) => !after.has(key)));
    expect(parts.reduce((sum, { freed }) => sum + freed.files, 0)).toBe(gone.size);
    expect(parts.reduce((sum, { freed }) => sum + freed.bytes, 0)).toBe(bytesIn(gone));
    expect([...after.keys()].filter((key) => !/^quarantine\/|\/source\.json$/.test(key))).toEqual([]);
    expect(after.size).toBe(8);
  });

  test('what is kept can still be looked at; the same run is made anew from its files', async () => {
    const shown = await run(home.path, ['quarantine', 'show', 'latest', '--source=ventas', '--limit=1']);
    expect(shown.exitCode, shown.stderr).toBe(0);
    const again = await run(home.path, ['start-workflow', 'sales', '--json']);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(receiptOf(again.stdout).tables.every(({ inserted, updated }) => inserted + updated === 0)).toBe(true);
    const { parts } = JSON.parse((await clean('--dry-run', '--json')).stdout) as CleanUpSummary;
    expect(parts.map(({ freed }) => freed.files)).toEqual([0, 0, 0, 0]);
  });

  test('a second clean-up while one is open says so and touches nothing', async () => {
    const server = await startDevServer(home.path);
    const handle = await server.client.workflow.start('cleanUp', { taskQueue: 'nobody', workflowId: 'clean-up-dev' });
    const { exitCode, stdout } = await clean('--json');
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 4,
      error: { message: expect.stringContaining('is open since') as unknown },
    });
    await handle.terminate();
    await server.close();
  });

  test('a receipt that cannot be read stops it, and is named', async () => {
    const before = files(home);
    writeFileSync(join(lakeOf(home), 'receipts', 'sales', 'cut.json'), '{');
    const { exitCode, stderr } = await clean();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/so nothing is removed\.\n {2}where: file:\/\/.*\/receipts\/sales\/cut\.json\n {2}why: /);
    expect(files(home)).toEqual(before);
  });
});

describe('killed in the middle', () => {
  const home = useHome();

  test('the same command carries on, and says what went in both', async () => {
    expect((await run(home.path, ['start-workflow', 'sales'])).exitCode).toBe(0);
    age(home, 400);
    const before = files(home);
    const killed = await run(home.path, ['clean-up'], {
      env: { ...KEPT.env, ...killingAt('clean-up | removing from staging') },
    });
    expect(killed.signal).toBe('SIGKILL');
    const between = files(home, ['landing', 'quarantine', 'staging', 'models', 'reports']);
    expect(between.size).toBeGreaterThan(0);
    expect(between.size).toBeLessThan(before.size);

    const { exitCode, stdout, stderr } = await run(home.path, ['clean-up', '--json'], KEPT);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('carrying on the clean-up of ');
    expect(JSON.parse(stdout)).toMatchObject({ parts: [{ freed: { files: 0 } }, {}, {}, {}] });
    expect([...files(home).keys()]).toEqual([]);
    const records = readdirSync(join(lakeOf(home), 'clean-ups')).map(
      (name) =>
        JSON.parse(readFileSync(join(lakeOf(home), cleanUpKey(name.replace('.json', ''))), 'utf8')) as CleanUpRecord,
    );
    const [whole] = records.filter(({ finishedAt, freed }) => finishedAt !== null && Object.keys(freed).length > 0);
    const sum = (figure: 'files' | 'bytes') =>
      Object.values(whole?.freed ?? {}).reduce((total, amount) => total + amount[figure], 0);
    expect([sum('files'), sum('bytes')]).toEqual([before.size, bytesIn(before)]);
    const shown = await run(home.path, ['quarantine', 'show', 'latest']);
    expect(shown.exitCode).toBe(1);
    expect(shown.stderr).toMatch(/^Retention has removed the quarantined rows of ventas of run \w+, which ended on /m);
    await expectNothingLeft(home.path);
  });
});

describe('prod', () => {
  const home = useHome();

  test('without a terminal it wants --yes, before anything is started', async () => {
    const env = {
      ...{ ACEQUIA_LAKE: home.beside('lake'), ACEQUIA_OUT: home.beside('out'), TEMPORAL_ADDRESS: '127.0.0.1:1' },
    };
    const asked = await run(home.path, ['clean-up', '--env', 'prod'], { env });
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain('add --yes');
    const told = await run(home.path, ['clean-up', '--env', 'prod', '--yes'], { env });
    expect(told.exitCode).toBe(6);
  });
});
