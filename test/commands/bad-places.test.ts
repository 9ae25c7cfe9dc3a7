import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { receiptOf } from '../support/command.ts';
import { runOnFullDisk } from './support/full-disk.ts';
import { holdLock } from './support/held-lock.ts';
import { bytesOf, databaseIn, expectNothingLeft, useDev, useHome } from './support/home.ts';
import { run, startTyped } from './support/typed.ts';

describe('a full disk', () => {
  const home = useHome();

  test('of the lake: exit 1, the place and what to do, nothing half-written, and the next run is none the worse', async () => {
    const place = home.beside('lake');
    const disk = { place, kilobytes: 100, perFile: 100 };
    const args = ['start-workflow', 'sales'];
    const { exitCode, stdout, stderr, left, words } = await runOnFullDisk(home.path, disk, args, {
      ACEQUIA_LAKE: place,
    });
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toContain(`ventas: ${full(words, place)}`);
    expect(stdout.split('\n').slice(-3)[0]).toBe('sales: failed');
    expect(left.filter((file) => file.includes('.part'))).toEqual([]);
    expect(bytesOf(home.database)).toBeUndefined();
    await expectNothingLeft(home.path);
  });

  test('of the output: exit 1, the place and what to do, no half database', async () => {
    const place = home.beside('out');
    const disk = { place, kilobytes: 300, perFile: 600 };
    const args = ['start-workflow', 'sales'];
    const { exitCode, stdout, stderr, left, words } = await runOnFullDisk(home.path, disk, args, {
      ACEQUIA_OUT: place,
    });
    expect(exitCode, stderr).toBe(1);
    // Of a file that may not grow, SQLite itself says no more than that it cannot write.
    expect(
      [words, 'The database cannot be written.'].some((what) =>
        stdout.includes(`${what}\n  where: ${join(place, 'sales', 'empresa.db')}\n`),
      ),
    ).toBe(true);
    expect(stdout.split('\n').slice(-3)[0]).toBe('sales: failed');
    expect(left.filter((file) => !/^0 /.test(file))).toEqual([]);
  });

  const full = (words: string, where: string): string =>
    `${words}\n  where: ${where}\n  why:   Nothing half-written was kept; what the run had finished is reused.\n  to do: `;
});

describe('a place that cannot be written', () => {
  const home = useHome();

  test.each([
    ['ACEQUIA_OUT', 1, 'The database cannot be written.\n'],
    ['ACEQUIA_LAKE', 1, 'Nothing can be written there: a file stands where a folder is needed'],
    ['ACEQUIA_HOME', 6, 'cannot keep its database in '],
  ])('%s is a file', async (name, code, words) => {
    const file = home.beside(name);
    writeFileSync(file, 'mine');
    const { exitCode, stdout, stderr } = await run(home.path, ['start-workflow', 'sales'], { env: { [name]: file } });
    expect(exitCode, stderr).toBe(code);
    const said = stdout + stderr;
    expect(said).toContain(words);
    expect(said).toContain(file);
    expect(said).toMatch(/to do: |Make that folder writable/);
    expect(said).not.toContain('unexpected');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

describe('the database', () => {
  const home = useHome();
  useDev(home);

  test('is locked by another process: the wait shows its cause, and ends with the lock', async () => {
    const lock = await holdLock(home.database);
    const command = startTyped(home.path, ['node', 'infra/setup/launch.mjs', 'start-workflow', 'sales', '--json']);
    await command.said(/publish empresa\.db retrying, attempt 2: The database is locked by another process\./);
    await lock.release();
    const { exitCode, stdout } = await command.ended;
    expect(exitCode).toBe(0);
    expect(receiptOf(stdout).tables.map(({ inserted }) => inserted)).toEqual([10, 20, 5_407, 4_900]);
  });

  test('has a folder in its place: left alone, exit 1', async () => {
    const aside = `${home.database}.aside`;
    renameSync(home.database, aside);
    mkdirSync(home.database);
    const { exitCode, stdout } = await run(home.path, ['start-workflow', 'sales']);
    rmdirSync(home.database);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n').slice(-3)).toEqual([
      'sales: failed',
      `cause: The destination is to be a SQLite database, and there is a folder. (${home.database})`,
      'next:  move it away, or give the destination another path',
    ]);
    renameSync(aside, home.database);
  });

  test('has somebody else’s file in its place: left alone, exit 1', async () => {
    const aside = `${home.database}.aside`;
    renameSync(home.database, aside);
    writeFileSync(home.database, 'my notes');
    const { exitCode, stdout } = await run(home.path, ['start-workflow', 'sales', '--json']);
    expect(exitCode).toBe(1);
    expect(receiptOf(stdout).error?.type).toBe('DestinationUnwritable');
    expect(readFileSync(databaseIn(home.path), 'utf8')).toBe('my notes');
    renameSync(aside, home.database);
    expect(dirname(home.database)).toContain(home.path);
  });
});
