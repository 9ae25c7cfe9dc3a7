import { build } from 'esbuild';
import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A package whose script prints what it recovers: what is typed after `npm run` goes through the real npm. */
const program = `
  import { keysKnownToNpm, refuseUnknownFlags } from './client/cli/unknown-flags.ts';
  import { recoverTyped } from './client/cli/npm-flags.ts';
  import { findCommand, optionsOf } from './client/cli/commands.ts';
  import { declareOptions } from './client/cli/options.ts';
  const project = { pipelines: ['sales'], tables: ['ventas', 'clientes'] };
  const { command } = findCommand(['start-workflow']);
  const options = optionsOf(command, declareOptions(project));
  try {
    refuseUnknownFlags(process.env, options, keysKnownToNpm(process.env));
    const argv = recoverTyped({ argv: process.argv.slice(3), env: process.env, options, pipelines: project.pipelines });
    console.log(JSON.stringify(argv.sort()));
  } catch (error) {
    console.log(JSON.stringify({ exitCode: error.exitCode, message: error.message }));
  }
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acequia-npm-'));
  await build({
    stdin: { contents: program, resolveDir: resolve(import.meta.dirname, '../../..'), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: join(folder, 'print.mjs'),
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const scripts = { 'start-workflow': 'node print.mjs start-workflow' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'typed', version: '1.0.0', scripts }));
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function npmRun(typed: string): Promise<unknown> {
  const outer = Object.keys(process.env).filter((name) =>
    /^npm_(?:config_(?!userconfig|globalconfig)|lifecycle)/i.test(name),
  );
  const { stdout } = await execa('npm', ['run', '--silent', 'start-workflow', ...typed.split(' ').filter(Boolean)], {
    cwd: folder,
    env: Object.fromEntries(outer.map((name) => [name, undefined])),
  });
  return JSON.parse(stdout);
}

test.each([
  ['', []],
  ['--env dev', ['--env=dev']],
  ['--env=dev', ['--env=dev']],
  ['-- --env=dev', ['--env=dev']],
  ['-- --environment dev', ['--env', 'dev']],
  ['--environment dev sales', ['--env=dev', 'sales']],
  ['sales --json', ['--json', 'sales']],
  ['sales --wait --any-age', ['--any-age', '--wait', 'sales']],
  ['sales --detach --inbox /tmp/in', ['--detach', '--inbox=/tmp/in', 'sales']],
  ['--tables=ventas,clientes --dry-run', ['--tables=ventas,clientes', '--validate-only']],
  ['--tables=ventas --tables=clientes', ['--tables=ventas,clientes']],
  [
    'sales --tables ventas clientes --full-refresh ventas --solo-validar --as-of 2025-01-01 --env dev --json',
    [
      '--as-of=2025-01-01',
      '--env=dev',
      '--full-refresh=ventas',
      '--json',
      '--tables=ventas,clientes',
      '--validate-only',
      'sales',
    ],
  ],
])('npm run start-workflow %s', async (typed, expected) => {
  expect(await npmRun(typed)).toEqual(expected);
});

test.each([
  ['--tables ventas --full-refresh clientes', /" -- " before the flags/],
  ['--env', /--env needs a value/],
  ['--bogus', /no flag --bogus/],
  ['--enviroment dev', /Did you mean --environment/],
])('npm run start-workflow %s is refused', async (typed, message) => {
  expect(await npmRun(typed)).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) as string });
});
