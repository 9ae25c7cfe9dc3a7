import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answers } from '../../infra/temporal/probe.ts';
import { receiptOf } from '../support/command.ts';
import { expectNothingLeft, untilNothingLeft, useHome } from './support/home.ts';
import { npmRun, run, startTyped } from './support/typed.ts';

const home = useHome();

test('acequia dev: says where everything is, does the work of others, and stops at Ctrl-C', async () => {
  const dev = startTyped(home.path, ['node', 'infra/setup/launch.mjs', 'dev', '--env', 'dev']);
  await dev.said('Ctrl-C stops everything');
  const placeOf = (what: string): string => new RegExp(`^${what} +([^\\s,]+)`, 'm').exec(dev.output())?.[1] ?? '';
  const [temporal, ui, api] = [placeOf('Temporal'), placeOf('Web UI'), placeOf('API')];
  expect((await fetch(ui)).status).toBe(200);
  const view = `${api}/ventas/resumen_por_categoria`;
  expect(dev.output()).toContain(view);
  expect(await (await fetch(view)).json()).toMatchObject({ error: { code: 'DatabaseMissing' } });

  const beside = await npmRun(home.path, ['--silent', 'start-workflow', 'sales', '--env', 'dev', '--json']);
  expect(beside.exitCode, beside.stderr).toBe(0);
  expect(beside.stderr).toContain(`using the embedded Temporal server that is up at ${temporal}`);
  expect(beside.stderr).toContain('a worker of another process polls acequia-dev and does the work');
  expect(receiptOf(beside.stdout).run.outcome).toBe('warned');
  expect(dev.output()).toContain('alert: ERROR sales: ventas: product exists: 456 rows');
  expect(await (await fetch(view)).text()).toContain('"Electronicos":2957');

  const { exitCode, stdout } = await dev.interrupt();
  expect([exitCode, stdout.split('\n').at(-1)]).toEqual([0, 'stopped']);
  expect(await answers(api.replace('http://', ''), 300)).toBe(false);
  await expectNothingLeft(home.path);
});

test('npm run dev with its API port taken: says so, and the rest is up', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const dev = startTyped(home.path, ['npm', 'run', 'dev'], { env: { ACEQUIA_API_PORT: String(port) } });
  await dev.said('Ctrl-C stops everything');
  expect(dev.output()).toContain(`The API cannot start. Port ${port} is in use`);
  expect(dev.output()).toContain('the rest goes on without the API');
  expect(dev.output()).toContain('worker     polls acequia-dev');
  await dev.interrupt();
  await dev.said('stopped');
  await untilNothingLeft(home.path);
});

test('doctor, help and version answer', async () => {
  const doctor = await run(home.path, ['doctor', '--json']);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: doctor.exitCode === 0 });
  const help = await run(home.path, ['help', 'start-workflow']);
  expect([help.exitCode, help.stderr]).toEqual([0, '']);
  for (const flag of ['--env', '--tables', '--validate-only', '--wait', '--detach'])
    expect(help.stdout).toContain(flag);
  expect((await run(home.path, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/);
});
