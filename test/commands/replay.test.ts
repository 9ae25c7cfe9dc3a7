import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunDifference } from '../../workflows/difference.ts';
import { receiptOf } from '../support/command.ts';
import { bytesOf, useDev, useHome } from './support/home.ts';
import { copySample } from './support/sample.ts';
import { run } from './support/typed.ts';

const home = useHome();
useDev(home);

const typed = (...args: string[]) => run(home.path, args, { env: { INIT_CWD: home.beside('.') } });
const replay = (...args: string[]) => typed('replay', ...args);

let runId: string;

beforeAll(async () => {
  mkdirSync(home.beside('.'), { recursive: true });
  const flags = copySample(home.beside('inbox'));
  const { exitCode, stdout, stderr } = await typed('start-workflow', 'sales', ...flags, '--any-age', '--json');
  expect(exitCode, stderr).toBe(0);
  ({ runId } = receiptOf(stdout).run);
  // It has been read; from here on the lake is all there is of it.
  rmSync(home.beside('inbox'), { recursive: true });
});

describe('a pipeline', () => {
  test('of the same definition: nothing differs, and what was published is as it was', async () => {
    const before = bytesOf(home.database);
    const { exitCode, stdout, stderr } = await replay('sales', '--diff');
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^ventas: 5,407 unchanged \(by venta_id\)$/m);
    expect(stdout).toMatch(
      /\nsales: nothing differs; nothing was published.*\ncause: .*\nnext: {2}npm run acequia -- replay sales --diff --env=dev\n?$/,
    );
    expect(bytesOf(home.database)).toBe(before);
    expect(readdirSync(join(home.path, 'dev', 'lake', 'incoming'))).toEqual([]);
  });

  test('as JSON: one document, also by a part of the id; the last run of the pipeline is still the run', async () => {
    const { exitCode, stdout, stderr } = await replay(runId.slice(-8), '--diff', '--limit', '3', '--json');
    expect(exitCode, stderr).toBe(0);
    const found = JSON.parse(stdout) as RunDifference & { outcome: string };
    expect(found).toMatchObject({
      version: 1,
      pipeline: 'sales',
      outcome: 'warned',
      then: { runId, asOf: '2025-09-30' },
    });
    expect(found.tables.map(({ name, added, removed, changed }) => [name, added + removed + changed])).toEqual(
      expect.arrayContaining([['ventas', 0]]),
    );
    const shown = await typed('receipt', 'show', 'sales', '--json');
    expect(receiptOf(shown.stdout).run.runId).toBe(runId);
    const own = await typed('receipt', 'show', found.now.runId);
    expect(own.stdout).toMatch(new RegExp(`^replay {7}of run ${runId}$`, 'm'));
    const again = await replay(found.now.runId, '--diff');
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('is itself a replay, of run');
  });

  test('without --diff it says what it is for, and starts nothing', async () => {
    const { exitCode, stderr } = await replay('sales');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/publishes nothing\.\n {2}to do: say so: npm run acequia -- replay sales --diff/);
  });
});

describe('a copy', () => {
  test('whose published rows are not those of its files is shown cell by cell', async () => {
    writeFileSync(home.beside('m.csv'), 'id,day\n1,2025-01-01\n2,2025-01-02\n');
    const copied = await typed('copy', 'm.csv', 'duckdb:m.duckdb?key=id', '--json');
    expect(copied.exitCode, copied.stderr).toBe(0);
    writeFileSync(home.beside('m.csv'), 'id,day\n9,2025-01-01\n');
    const { exitCode, stdout, stderr } = await replay('latest', '--diff');
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^m: 2 unchanged \(by id\)$/m);

    const receipt = receiptOf(copied.stdout);
    const [stored = ''] = receipt.tables[0]?.stored ?? [];
    const { withSession } = await import('../../activities/duckdb/session.ts');
    await withSession(undefined, async (session) => {
      const path = fileURLToPath(stored);
      await session.run(
        `CREATE TABLE t AS SELECT * REPLACE (DATE '2025-01-03' AS day) FROM read_parquet('${path}') WHERE id = 2`,
      );
      chmodSync(path, 0o600);
      await session.run(`COPY t TO '${path}' (FORMAT parquet)`);
    });
    const altered = await replay('latest', '--diff');
    expect(altered.exitCode, altered.stdout + altered.stderr).toBe(0);
    expect(altered.stdout).toMatch(
      /^m: 1 added, 1 changed, 0 unchanged \(by id\)\n {2}day: 1 changed cell\n {2}\+ id=1, day=2025-01-01\n {2}~ id=2 {2}day: 2025-01-03 → 2025-01-02$/m,
    );
  });

  test('whose landed bytes were altered fails, with exit status 1', async () => {
    const lake = join(home.path, 'dev', 'lake', 'landing', 'sha256');
    for (const entry of readdirSync(lake, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !readFileSync(path, 'utf8').startsWith('id,day\n1,')) continue;
      chmodSync(path, 0o600);
      appendFileSync(path, '3,2025-01-05\n');
    }
    const { exitCode, stdout } = await replay('latest', '--diff');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/cause: The landed bytes of m\.csv are not those that the run has read/);
  });

  test('that published nothing cannot be compared with', async () => {
    writeFileSync(home.beside('n.csv'), 'id,day\n1,2025-01-01\n');
    const copied = await typed('copy', 'n.csv', 'duckdb:n.duckdb', '--validate-only');
    expect(copied.exitCode, copied.stderr).toBe(0);
    const { exitCode, stderr } = await replay('latest', '--diff');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('published nothing (succeeded): there is nothing to compare with');
  });
});
