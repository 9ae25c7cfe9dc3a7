/**
 * 2 million rows of 11 columns from Postgres to staged Parquet with all rules on, and on to a DuckLake; beside raw
 * `COPY … TO STDOUT` to nowhere. Whole processes, in turn.
 *
 *     BENCH_POSTGRES_URL=… node bench/postgres.mjs [runs] [folder for the data]
 *
 * The database gets a table `bench_rows`. `psql` is taken from PATH.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled, ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const DATA = process.argv[3] ?? join(tmpdir(), 'acequia-bench-postgres');
const URL = process.env.BENCH_POSTGRES_URL ?? '';
const RAW = 'raw COPY TO STDOUT';
/** At most so many times the raw copy. */
const WANTED = 1.4;
const program = await compiled('postgres-rows.ts');

function once(name) {
  const { status, stdout, stderr } = spawnSync('node', [program, name, DATA, URL], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (URL === '') throw new Error('BENCH_POSTGRES_URL is not set');
mkdirSync(DATA, { recursive: true });
once('prepare');
const results = new Map([RAW, 'landed', 'staged Parquet', 'DuckLake'].map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) for (const [name, list] of results) list.push(once(name));

console.log('| way | min s | median s | max s | MB of memory | to raw |\n| --- | ---: | ---: | ---: | ---: | ---: |');
const raw = median(results.get(RAW).map(({ seconds }) => seconds));
for (const [name, list] of results) {
  const seconds = list.map((one) => one.seconds).sort((a, b) => a - b);
  const cells = [seconds[0], median(seconds), seconds.at(-1)].map((one) => one.toFixed(2));
  const memory = Math.max(...list.map((one) => one.memory)).toFixed(0);
  console.log(`| ${name} | ${cells.join(' | ')} | ${memory} | ${(median(seconds) / raw).toFixed(2)} |`);
}
console.log(`\nWanted: at most ${WANTED} to raw, and 500 MB.`);
