/**
 * A million raw payment events of five known shapes, Postgres to Postgres, normalised and marked; beside the floor: the
 * finished rows COPYed into a table with the same indexes, and all marks in one UPDATE; and beside a loop that goes record by
 * record. Whole processes, in turn.
 *
 *     BENCH_POSTGRES_URL=… node bench/payments.mjs [runs] [folder for the data] [rows]
 *
 * The server gets two databases, `bench_payments_origin` and `bench_payments_sink`, and must be able to write into the
 * folder. `psql` is taken from PATH.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled, ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const DATA = process.argv[3] ?? join(tmpdir(), 'acequia-bench-payments');
const ROWS = Number(process.argv[4] ?? 1_000_000);
const URL = process.env.BENCH_POSTGRES_URL ?? '';
/** Records that the loop takes. */
const LOOPED = 20_000;
const program = await compiled('payments-rows.ts');

function once(name) {
  const args = [program, name, DATA, URL, String(ROWS)];
  const { status, stdout, stderr } = spawnSync('node', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stderr.slice(0, 2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (URL === '') throw new Error('BENCH_POSTGRES_URL is not set');
mkdirSync(DATA, { recursive: true });
chmodSync(DATA, 0o777);
console.error(`prepared in ${once('prepare').seconds.toFixed(0)} s`);
const results = new Map(['floor', 'drain', 'loop'].map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, list] of results) {
    once('reset');
    const one = once(name);
    console.error(`${name}: ${one.seconds.toFixed(1)} s, ${one.memory.toFixed(0)} MB`);
    list.push(name === 'loop' ? { ...one, seconds: (one.seconds * ROWS) / LOOPED } : one);
  }
}

console.log(
  '| way | min s | median s | max s | MB of memory | to the floor |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
const floor = median(results.get('floor').map(({ seconds }) => seconds));
for (const [name, list] of results) {
  const seconds = list.map((one) => one.seconds).sort((a, b) => a - b);
  const cells = [seconds[0], median(seconds), seconds.at(-1)].map((one) => one.toFixed(1));
  const memory = Math.max(...list.map((one) => one.memory)).toFixed(0);
  console.log(`| ${name} | ${cells.join(' | ')} | ${memory} | ${(median(seconds) / floor).toFixed(2)} |`);
}
console.log('\nWanted: at most 1.2 to the floor, 15 times as fast as the loop, and 600 MB.');
