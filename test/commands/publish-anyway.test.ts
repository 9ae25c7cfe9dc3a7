import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { receiptOf } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { useDev, useHome } from './support/home.ts';
import { npmRun, run } from './support/typed.ts';

const home = useHome();
useDev(home);

const standing = () => ({ env: { INIT_CWD: home.beside('.') } });
const COPY = ['copy', 'days.csv', 'sqlite:days.db', '--declare', 'day=date'];

beforeAll(() => {
  mkdirSync(home.beside('.'), { recursive: true });
  writeFileSync(home.beside('days.csv'), 'id,day\n1,2025-01-01\n2,soon\n3,later\n');
});

test('a blocked copy names the flag as the last resort', async () => {
  const { exitCode, stdout } = await run(home.path, COPY, standing());
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/; as the last resort, for one run, add: '--publish-anyway=days: bad rows' --reason=why$/m);
  expect(existsSync(home.beside('days.db'))).toBe(false);
});

test('a name that no check has publishes nothing, and says what blocks', async () => {
  const { exitCode, stdout } = await run(
    home.path,
    [...COPY, '--publish-anyway', 'bad rwos', '--reason', 'known'],
    standing(),
  );
  expect(exitCode).toBe(2);
  expect(stdout).toContain('"bad rwos" names no check of this run. Did you mean "bad rows"?');
  expect(stdout).toContain('What blocks this run: "days: bad rows".');
  expect(existsSync(home.beside('days.db'))).toBe(false);
});

test('a reason is needed before anything is started', async () => {
  const { exitCode, stderr } = await run(home.path, [...COPY, '--publish-anyway', 'bad rows'], standing());
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--publish-anyway needs a reason');
});

test('with name and reason the good rows are published; receipt and screen say why', async () => {
  const flags = ['--publish-anyway', 'BAD rows', '--reason', 'the others come next week'];
  const told = await run(home.path, [...COPY, ...flags], standing());
  expect(told.exitCode, told.stderr).toBe(0);
  expect(told.stdout).toContain('; published anyway: the others come next week');
  expect(told.stdout).toMatch(/^copy-\S+: needs attention: published/m);
  expect((await askSqlite(home.beside('days.db'), 'SELECT id FROM days')).map(Object.values)).toEqual([['1']]);

  const { exitCode, stdout } = await run(home.path, [...COPY, ...flags, '--json'], standing());
  expect(exitCode).toBe(0);
  const receipt = receiptOf(stdout);
  expect(receipt.run.options).toMatchObject({ publishAnyway: [{ check: 'BAD rows' }] });
  expect(receipt.checks.filter(({ override }) => override)).toMatchObject([
    { name: 'days: bad rows', override: { reason: 'the others come next week' } },
  ]);
});

test('the words that npm tears from their flags are put back', async () => {
  const typed = [
    'start-workflow',
    'sales',
    '--publish-anyway',
    'ventas: bad rows',
    '--reason',
    'they said so',
    '--json',
  ];
  const { exitCode, stdout, stderr } = await npmRun(home.path, ['--silent', ...typed]);
  expect(exitCode, stderr).toBe(0);
  const { run: sales, checks } = receiptOf(stdout);
  expect([sales.pipeline, sales.options]).toEqual([
    'sales',
    { publishAnyway: [{ check: 'ventas: bad rows', reason: 'they said so' }] },
  ]);
  // It is a warning here: nobody had to override it.
  expect(checks.some(({ override }) => override)).toBe(false);
});
