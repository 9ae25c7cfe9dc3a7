/**
 * A million orders with three items each, JSON Lines to Parquet by day: the pipeline `orders` beside one hand-written DuckDB
 * script that checks nothing. Whole processes, in turn; of the pipeline also the run itself, as its receipt tells.
 *
 *     node bench/orders.mjs [runs]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const DATA = join(tmpdir(), 'acequia-bench-orders');
const scratch = mkdtempSync(join(tmpdir(), 'acequia-bench-'));

function run(program, args, env = {}) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return { seconds: (performance.now() - begin) / 1_000, stdout };
}

function pipeline(index) {
  const env = { ACEQUIA_HOME: join(scratch, `home-${index}`), TEMPORAL_ADDRESS: 'embedded', ACEQUIA_API_PORT: '0' };
  const launch = [
    'infra/setup/launch.mjs',
    'start-workflow',
    'orders',
    '--env=local',
    '--json',
    '--any-age',
    `--inbox=${DATA}`,
  ];
  const { seconds, stdout } = run('node', launch, env);
  const { run: told, steps } = JSON.parse(stdout);
  rmSync(env.ACEQUIA_HOME, { recursive: true, force: true });
  return { seconds, own: (Date.parse(told.finishedAt) - Date.parse(told.startedAt)) / 1_000, steps };
}

function byHand(index) {
  return run('node', ['bench/peers/orders-by-hand.mjs', DATA, join(scratch, `by-hand-${index}`)]).seconds;
}

if (!existsSync(join(DATA, 'orders.jsonl'))) run('node', ['pipelines/orders/sample/generate.mjs', 'large', DATA]);
const ours = [];
const others = [];
for (let index = 0; index < RUNS; index += 1) {
  ours.push(pipeline(index));
  others.push(byHand(index));
}
rmSync(scratch, { recursive: true, force: true });

const line = (name, values) => {
  const [least, middle, most] = [0, Math.floor(values.length / 2), values.length - 1].map((at) =>
    values.toSorted((a, b) => a - b)[at].toFixed(1),
  );
  console.log(`| ${name} | ${least} | ${middle} | ${most} |`);
};
console.log('| way | min s | median s | max s |\n| --- | ---: | ---: | ---: |');
line(
  'orders, from prompt to prompt',
  ours.map(({ seconds }) => seconds),
);
line(
  'orders, the run itself',
  ours.map(({ own }) => own),
);
line('one DuckDB script, whole process', others);
for (const { name, slice } of ours[0].steps)
  line(
    `of the run: ${name}${slice ? ` ${slice}` : ''}`,
    ours.map(
      ({ steps }) => (steps.find((step) => step.name === name && step.slice === slice)?.durationMs ?? 0) / 1_000,
    ),
  );
