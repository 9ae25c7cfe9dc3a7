import { expect, test } from 'vitest';
import { receiptOf } from '../support/command.ts';
import { useDev, useHome } from './support/home.ts';
import { npmRun } from './support/typed.ts';

/** Every form in which flags reach a script through the real npm, with the real project. */
const home = useHome();
useDev(home);

const SCRIPT = ['--silent', 'start-workflow'];

async function receiptFor(typed: string) {
  const { exitCode, stdout, stderr } = await npmRun(home.path, [...SCRIPT, ...typed.split(' ')]);
  expect(exitCode, stderr).toBe(0);
  return receiptOf(stdout);
}

test.each(['--env=dev --json', '-- --env dev --json', 'sales --env dev --json', 'sales -- --environment=dev --json'])(
  'npm run --silent start-workflow %s',
  async (typed) => {
    const { run, results } = await receiptFor(typed);
    expect(run).toMatchObject({ pipeline: 'sales', environment: 'dev', outcome: 'warned', options: {} });
    expect(results).toEqual([home.database]);
  },
);

test('lists and switches mean the same whether npm took them or not', async () => {
  const taken = await receiptFor('--tables ventas clientes --full-refresh ventas --solo-validar --env dev --json');
  const plain = await receiptFor('-- --tables ventas clientes --full-refresh ventas --validate-only --env dev --json');
  expect(taken.run.options).toEqual({ tables: ['ventas', 'clientes'], fullRefresh: ['ventas'], validateOnly: true });
  expect(plain.run.options).toEqual(taken.run.options);
  expect(plain.run.planDigest).toBe(taken.run.planDigest);
  expect(taken.tables.map(({ name, destination }) => [name, destination])).toEqual([
    ['productos', null],
    ['clientes', null],
    ['ventas', null],
  ]);
});

test('the day the run takes for today', async () => {
  const { run, checks } = await receiptFor('sales --as-of 2024-01-31 --validate-only --env dev --json');
  expect(run).toMatchObject({ asOf: '2024-01-31', options: { asOf: '2024-01-31', validateOnly: true } });
  const future = checks.find(({ name }) => name === 'ventas: no sale is dated in the future');
  expect(future?.failed).toBeGreaterThan(1_479);
});

test('a flag with a slip is refused before anything runs', async () => {
  const { exitCode, stdout, stderr } = await npmRun(home.path, [...SCRIPT, 'sales', '--validate-onyl', '--env', 'dev']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('There is no flag --validate-onyl. Did you mean --validate-only?');
});
