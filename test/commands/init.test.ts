import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { copyProject } from '../docs/fresh-copy.ts';
import { receiptOf } from '../support/command.ts';
import { useHome } from './support/home.ts';
import { run } from './support/typed.ts';

/** In a copy of the project: `init` writes into its `pipelines/`. */
const home = useHome();
const project = (): string => home.beside('project');
const typed = (...args: string[]) => run(home.path, args, { cwd: project(), env: { INIT_CWD: home.beside('in') } });

beforeAll(() => {
  copyProject(project());
  mkdirSync(home.beside('in'), { recursive: true });
  writeFileSync(home.beside('in/ventas.csv'), 'Venta ID;fecha;importe\n1;2025-03-07;19.90\n2;2025-03-08;5\n');
  writeFileSync(home.beside('in/orders.jsonl'), '{"id":1,"items":[{"qty":1.5},{"qty":2}]}\n{"id":2,"items":[]}\n');
});

test('before any copy there is nothing to make a pipeline of', async () => {
  const { exitCode, stderr } = await typed('init', 'shop');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('No copy of the environment "dev" has been published yet.');
});

test('a copy becomes a pipeline that validates, runs, and gives the same rows', async () => {
  const copied = await typed('copy', 'ventas.csv', 'orders.jsonl', 'duckdb:../out.duckdb');
  expect(copied.exitCode, copied.stdout + copied.stderr).toBe(0);
  const { exitCode, stdout, stderr } = await typed('init', 'shop');
  expect(exitCode, stdout + stderr).toBe(0);
  const folder = join(project(), 'pipelines', 'shop');
  for (const file of [
    'pipeline.ts',
    'models/ventas.sql',
    'models/orders.sql',
    'models/orders_items.sql',
    'README.md',
  ]) {
    expect(existsSync(join(folder, file)), file).toBe(true);
    expect(stdout).toContain(join('pipelines', 'shop', file));
  }
  const definition = readFileSync(join(folder, 'pipeline.ts'), 'utf8');
  expect(definition).toContain("dialect: { delimiter: ';',");
  expect(definition.split('\n').length).toBeLessThan(60);
  const valid = await typed('validate', 'shop');
  expect([valid.exitCode, valid.stdout]).toEqual([
    0,
    expect.stringMatching(/^shop: valid: 2 sources, 3 models.*before a run: set SHOP_INBOX/),
  ]);
  const ran = await typed('start-workflow', 'shop', '--inbox', home.beside('in'), '--json');
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  const rows = Object.fromEntries(receiptOf(ran.stdout).tables.map((table) => [table.name, table.rows]));
  expect(rows).toEqual({ ventas: 2, orders: 2, orders_items: 2 });
});

test('which copy it takes is told, and which newer one it leaves aside, and why, and how to take it', async () => {
  writeFileSync(home.beside('in/broken.csv'), '');
  const failed = await typed('copy', 'ventas.csv', 'broken.csv', 'duckdb:../part.duckdb');
  expect([failed.exitCode, failed.stdout]).toEqual([1, expect.stringContaining('1 table is loaded')]);
  const { exitCode, stdout, stderr } = await typed('init', 'whole');
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/^made of {6}\S*ventas\.csv, \S*orders\.jsonl -> duckdb:\S*out\.duckdb, run \w{8} of 20\d\d-/);
  const [, run = ''] =
    /^left aside {3}\S*ventas\.csv, \S*broken\.csv -> duckdb:\S*part\.duckdb, run (\w{8}) of .*, which is newer: 1 file could not be read$/m.exec(
      stdout,
    ) ?? [];
  expect(stdout).toContain(
    `to take it all the same: remove pipelines/whole, then npm run acequia -- init whole --from-run=${run}`,
  );
  const taken = await typed('init', 'part', `--from-run=${run}`, '--json');
  expect(taken.exitCode, taken.stdout + taken.stderr).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({
    copy: { to: { kind: 'duckdb' }, without: [expect.stringMatching(/broken\.csv: .*empty/)] },
    leftAside: [],
    files: ['pipelines/part/pipeline.ts', 'pipelines/part/models/ventas.sql', 'pipelines/part/README.md'],
    problem: null,
  });
});

test('a folder that is there stays as it is', async () => {
  const { exitCode, stderr } = await typed('init', 'sales');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is a pipeline folder');
  expect((await typed('init', 'Bad Name')).exitCode).toBe(2);
});

test('a run that is no copy', async () => {
  const { exitCode, stderr } = await typed('init', 'other', '--from-run', 'shop');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is no copy');
});
