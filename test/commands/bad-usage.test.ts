import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { copyProject } from '../docs/fresh-copy.ts';
import { useHome } from './support/home.ts';
import { npmRun, run } from './support/typed.ts';

const home = useHome();

describe('a command that means nothing ends with exit 2 before anything is made', () => {
  test.each([
    ['start-workflow sales --tabels ventas', 'There is no flag --tabels. Did you mean --tables?', '--tables'],
    [
      'start-workflow sails',
      'There is no pipeline "sails". Did you mean "sales"?',
      'name one of: ingestion, lakehouse, orders, payments, sales',
    ],
    ['start-workflow --env prdo', 'There is no environment "prdo". Did you mean "prod"?', '--env dev'],
    [
      'start-workflow --tables ventass',
      'There is no table "ventass" in sales. Did you mean "ventas"?',
      'name some of: clientes',
    ],
    ['start-workflow --as-of 30/09/2025', '--as-of "30/09/2025" is no date.', 'write the day as YYYY-MM-DD'],
    ['start-workflow --as-of 2025-02-30', '--as-of "2025-02-30" is no date.', 'write the day as YYYY-MM-DD'],
    ['start-workflow --env', "Option '--env <name>' argument missing", 'acequia help'],
    ['dev sales', "Too many arguments for 'dev'", 'acequia help'],
    [
      'strat-workflow',
      'There is no command "strat-workflow". Did you mean "start-workflow"?',
      'use one of: start-workflow',
    ],
  ])('%s', async (typed, what, remedy) => {
    const { exitCode, stdout, stderr } = await run(home.path, typed.split(' '));
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toHaveLength(typed.includes('prdo') ? 4 : 2);
    expect(stderr).toContain(what);
    expect(stderr).toMatch(new RegExp(`to do: .*${remedy}`));
    expect(existsSync(home.path)).toBe(false);
  });

  test('with --json the refusal is a document too', async () => {
    const { exitCode, stdout } = await run(home.path, ['start-workflow', 'sails', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 2,
      error: { message: expect.stringContaining('sails') as string },
    });
  });
});

describe('settings', () => {
  test('prod without settings names all that are missing at once', async () => {
    const env = { TEMPORAL_ADDRESS: '', ACEQUIA_HOME: '' };
    const { exitCode, stdout, stderr } = await npmRun(home.path, ['start-workflow', '--env', 'prod'], { env });
    expect([exitCode, stdout.split('\n').length]).toEqual([2, 4]);
    expect(stderr).toContain('The environment "prod" takes no defaults, and 4 settings are missing:');
    for (const name of ['TEMPORAL_ADDRESS', 'ACEQUIA_HOME', 'ACEQUIA_LAKE', 'ACEQUIA_OUT']) {
      expect(stderr).toMatch(new RegExp(`^    ${name} +\\S`, 'm'));
    }
    expect(stderr).toContain('to do: set them, or use an environment with defaults: --env dev');
  });

  test('a named Temporal server that does not answer ends the command with 6', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { exitCode, stdout, stderr } = await run(home.path, ['start-workflow', 'sales', '--json'], { env });
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 6 });
    expect(stderr).toContain('No Temporal server answers at 127.0.0.1:1.\n  where: TEMPORAL_ADDRESS');
    expect(stderr).toContain('to do: start that server, or unset TEMPORAL_ADDRESS');
  });

  test('an API port in use', async () => {
    const port = await takenPort();
    const { exitCode, stdout, stderr } = await run(home.path, ['api'], { env: { ACEQUIA_API_PORT: String(port) } });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `The API cannot start. Port ${port} is in use: another program listens on 127.0.0.1:${port}.`,
    );
    expect(stderr).toContain('  where: ACEQUIA_API_PORT');
    expect(stderr).toContain(`choose another port: ACEQUIA_API_PORT=${port + 1} npm run api`);
  });
});

describe('a definition that is broken', () => {
  const project = (): string => home.beside('project');
  const pipeline = (): string => join(project(), 'pipelines', 'sales', 'pipeline.ts');
  let sound: string;

  beforeAll(() => {
    copyProject(project());
    sound = readFileSync(pipeline(), 'utf8');
  });

  const lineOf = (text: string): number => sound.slice(0, sound.indexOf(text)).split('\n').length;

  test('does not compile: validate and start-workflow name file, line and column', async () => {
    writeFileSync(pipeline(), sound.replace("sample: { asOf: '2025-09-30' },", "sample: { asOf '2025-09-30' },"));
    const place = `pipelines/sales/pipeline.ts:${lineOf('sample: {')}:`;
    for (const command of ['validate', 'start-workflow']) {
      const { exitCode, stdout } = await run(home.path, [command, 'sales'], { cwd: project() });
      expect(exitCode, stdout).toBe(2);
      expect(stdout).toContain(place);
      expect(stdout).toContain('mend the file, then: npm run acequia -- validate');
    }
    expect(existsSync(home.database)).toBe(false);
  });

  test('does not fit together: every problem with its place', async () => {
    writeFileSync(
      pipeline(),
      sound.replace("freshWithin: '1d'", "freshWithin: 'soon'").replace("cantidad: 'integer!'", "cantidad: 'intger!'"),
    );
    const { exitCode, stdout } = await run(home.path, ['validate', 'sales', '--json'], { cwd: project() });
    expect(exitCode).toBe(2);
    const { valid, problem } = JSON.parse(stdout) as { valid: boolean; problem: string };
    expect(valid).toBe(false);
    expect(problem).toContain('sources.ventas.columns.cantidad');
    expect(problem).toContain('sources.ventas.freshWithin');
    expect(problem).toContain('intger');
  });

  test('is sound again', async () => {
    writeFileSync(pipeline(), sound);
    const { exitCode, stdout } = await run(home.path, ['validate'], { cwd: project() });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^sales: valid: 4 sources, 4 models, \d+ checks$/)]);
  });
});

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
