/**
 * From prompt to prompt: how long `npm run start-workflow sales --env dev` takes, with its own embedded server and
 * beside a running `npm run dev`; and, where a Python with pandas or dlt is named by BENCH_PYTHON, what they take for
 * less work. Whole processes, wall clock, in turn, after one warm-up each. `node bench/start-up.mjs [runs]`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './compile.mjs';

const SAMPLE = join(ROOT, 'pipelines', 'sales', 'sample');
const RUNS = Number(process.argv[2] ?? 7);
const scratch = mkdtempSync(join(tmpdir(), 'acequia-bench-'));

const settings = (home) => ({
  ...process.env,
  ACEQUIA_HOME: join(scratch, home),
  TEMPORAL_ADDRESS: 'embedded',
  ACEQUIA_API_PORT: '0',
});
const start = (home) => ({ command: ['npm', 'run', 'start-workflow', 'sales', '--env', 'dev'], env: settings(home) });

/** Runs a command to its end; milliseconds of wall clock. */
function time({ command: [program, ...args], env }) {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd: ROOT, env: env ?? process.env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return performance.now() - begin;
}

/** The pipeline's own work: from the first stage's beginning to the end of the last, as the run's receipt tells. */
function ownWork(home) {
  const folder = join(scratch, home, 'dev', 'lake', 'receipts', 'sales');
  const receipts = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const spans = receipts.map((name) => {
    const { run } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  });
  return spans.slice(1);
}

async function startDev() {
  const dev = spawn('npm', ['run', 'dev'], {
    cwd: ROOT,
    env: settings('beside'),
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => dev.stdout.on('data', (text) => String(text).includes('Ctrl-C') && resolve()));
  return () => new Promise((resolve) => (dev.once('exit', resolve), process.kill(-dev.pid, 'SIGINT')));
}

function row(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const seconds = (ms) => (ms / 1000).toFixed(2);
  return `| ${name} | ${seconds(sorted[0])} | ${seconds(sorted[Math.floor(sorted.length / 2)])} | ${seconds(sorted.at(-1))} |`;
}

const contestants = [
  { name: 'own embedded server', ...start('own') },
  { name: 'beside `npm run dev`', ...start('beside') },
];
const python = process.env.BENCH_PYTHON;
if (python) {
  contestants.push({
    name: 'bare pandas script',
    command: [python, 'bench/peers/sales-pandas.py', SAMPLE, join(scratch, 'pandas.db')],
  });
  contestants.push({
    name: 'dlt, `ventas.csv` alone',
    command: [python, 'bench/peers/sales-dlt.py', SAMPLE, join(scratch, 'dlt')],
  });
}

const stopDev = await startDev();
try {
  for (const contestant of contestants) time(contestant);
  const times = contestants.map(() => []);
  for (let run = 0; run < RUNS; run += 1)
    contestants.forEach((contestant, index) => times[index].push(time(contestant)));
  console.log(`| seconds, ${RUNS} runs | min | median | max |\n| --- | ---: | ---: | ---: |`);
  contestants.forEach(({ name }, index) => console.log(row(name, times[index])));
  console.log(row('the run itself, own server', ownWork('own')));
  console.log(row('the run itself, beside `npm run dev`', ownWork('beside')));
} finally {
  await stopDev();
  rmSync(scratch, { recursive: true, force: true });
}
