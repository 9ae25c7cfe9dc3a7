import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { copyProject } from '../docs/fresh-copy.ts';
import { useHome } from './support/home.ts';
import { run, startTyped } from './support/typed.ts';

/** In a copy of the project: tests are written beside its models. */
const home = useHome();
const project = (): string => home.beside('project');
const typed = (...args: string[]) => run(home.path, args, { cwd: project() });

const testFile = (test: string): string =>
  `import { modelTest } from '../../../workflows/definition/index.ts';\nexport default [modelTest('written', ${test})];\n`;

/** Until the end of the test. */
function writeTests(model: string, test: string): void {
  const path = join(project(), 'pipelines', 'sales', 'models', `${model}.test.ts`);
  writeFileSync(path, testFile(test));
  onTestFinished(() => rmSync(path));
}

beforeAll(() => copyProject(project()));

test('the tests of the sample pipeline pass, in whatever environment', async () => {
  const { exitCode, stdout, stderr } = await run(home.path, ['test'], {
    cwd: project(),
    env: { ACEQUIA_ENV: 'prod', SALES_INBOX: '/nowhere' },
  });
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/^sales: \d+ passed$/m);
});

test('a test that fails ends with 1, and its file is named', async () => {
  writeTests('productos', '{ given: {}, expect: [{ producto_id: 1 }] }');
  const { exitCode, stdout } = await typed('test', 'sales', '--json');
  expect(exitCode).toBe(1);
  const { failed, pipelines } = JSON.parse(stdout) as { failed: number; pipelines: { tests: { where: string }[] }[] };
  expect(failed).toBe(1);
  expect(pipelines[0]?.tests.map(({ where }) => where)).toContain('pipelines/sales/models/productos.test.ts:2');
});

test('test and validate say the same of a test file whose model is not there', async () => {
  writeTests('vetnas', '{ given: {}, expect: [] }');
  const words = 'models/vetnas.test.ts tests a model that is not there. Did you mean "ventas"?';
  for (const command of ['test', 'validate']) {
    const { exitCode, stdout } = await typed(command, 'sales');
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining(words)]);
    expect(stdout).toContain('where: pipelines/sales/models/vetnas.test.ts');
  }
});

test('Ctrl-C ends it with 130, and tells what was done', async () => {
  const slow = {
    'pipeline.ts': `import { csv, definePipeline } from '../../workflows/definition/index.ts';
export default definePipeline({
  summary: 'Never done', inbox: 'SLOW_INBOX',
  sources: { numbers: csv('numbers.csv', { columns: { n: 'integer!' } }) },
  models: { pairs: { key: ['n'] } },
});`,
    'models/pairs.sql':
      'SELECT n, (SELECT sum(a.range + b.range + n) FROM range(10000000) a, range(10000000) b) AS s FROM source.numbers',
    'models/pairs.test.ts': testFile("{ given: { 'source.numbers': [{ n: 1 }] }, expect: [] }"),
  };
  for (const [file, text] of Object.entries(slow)) {
    const path = join(project(), 'pipelines', 'slow', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const command = startTyped(home.path, ['node', 'infra/setup/launch.mjs', 'test'], { cwd: project() });
  await command.said(/^sales: \d+ passed$/m);
  const { exitCode, stdout } = await command.interrupt();
  expect(exitCode, stdout).toBe(130);
  expect(stdout).toMatch(/^model tests: \d+ passed; interrupted\ncause: Ctrl-C\nnext: {2}npm run acequia -- test$/m);
});
