import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { useDev, useHome } from './support/home.ts';
import { run } from './support/typed.ts';

const home = useHome();
useDev(home);

const typed = (...args: string[]) => run(home.path, args, { env: { INIT_CWD: home.beside('.') } });

test('explain says which line decided the type of a column, of a copy and of a pipeline', async () => {
  mkdirSync(home.beside('.'), { recursive: true });
  const rows = Array.from({ length: 3_000 }, (_, index) => `${index};2025-01-01`);
  rows[2_000] = '1.5;2025-01-01';
  rows[2_500] = '7;2025-01-01 10:00:00';
  writeFileSync(home.beside('late.csv'), `N Value;Day\n${rows.join('\n')}\n`);
  const copied = await typed('copy', 'late.csv', 'late.duckdb');
  expect(copied.exitCode, copied.stdout).toBe(0);
  const { exitCode, stdout } = await typed('explain');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/│ n_value +│ N Value +│ decimal\(\d+,1\) +│ line 2,002 is no integer/);
  expect(stdout).toMatch(/│ day +│ Day +│ text +│ line 2,502 is no date/);
  const { stdout: json } = await typed('explain', 'latest', '--json');
  expect(JSON.parse(json)).toMatchObject({
    sources: [
      {
        tables: [
          {
            columns: expect.arrayContaining([
              expect.objectContaining({ name: 'n_value', decided: 'line 2,002 is no integer' }),
            ]) as unknown,
          },
        ],
      },
    ],
  });
});

test('a pipeline names its last run', async () => {
  expect((await typed('start-workflow', 'sales')).exitCode).toBe(0);
  const { exitCode, stdout } = await typed('explain', 'sales');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/│ venta_id +│ +│ integer! +│ declared/);
});

test.each([
  ['nothing', /There is no run "nothing"/],
  ['slaes', /Did you mean "sales"/],
])('explain %s is refused with exit 2', async (word, message) => {
  const { exitCode, stderr } = await typed('explain', word);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});
