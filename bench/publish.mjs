/**
 * 2 million rows of 11 columns from staged Parquet to every destination, and a merge of 200,000 changed ones into them;
 * beside `psql \copy`, a hand-written merge, `CREATE TABLE AS` of DuckDB and `sqlite3 .import`. Whole processes, in turn.
 *
 *     node bench/publish.mjs [runs] [folder for the data] [only cases that begin so]
 *
 * Postgres: that of BENCH_POSTGRES_URL. `psql` and `sqlite3` are taken from PATH.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled, ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const DATA = process.argv[3] ?? join(tmpdir(), 'acequia-bench-publish');
const ONLY = process.argv[4] ?? '';
const URL = process.env.BENCH_POSTGRES_URL ?? '';
const program = await compiled('publish-rows.ts');

function once(name) {
  const { status, stdout, stderr } = spawnSync('node', [program, name, DATA, URL], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ours, the other way, and how many times the other's time is wanted at most. */
const PAIRS = [
  ['postgres ours', 'postgres copy', 0.5],
  ['postgres ours', 'postgres copy, keyed', 0.5],
  ['merge ours', 'merge by hand', 1.5],
  ['duckdb ours', 'duckdb ctas', 1.2],
  ['ducklake ours', 'ducklake ctas', 1.3],
  ['sqlite ours', 'sqlite import', 0.7],
].filter(([name]) => name.startsWith(ONLY) && (URL !== '' || !/^(postgres|merge)/.test(name)));

mkdirSync(DATA, { recursive: true });
if (!existsSync(join(DATA, 'changed.csv'))) once('prepare');
const results = new Map(PAIRS.flatMap(([a, b]) => [a, b]).map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) for (const [name, list] of results) list.push(once(name));

console.log('| way | min s | median s | max s | MB of memory |\n| --- | ---: | ---: | ---: | ---: |');
for (const [name, list] of results) {
  const seconds = list.map((one) => one.seconds).sort((a, b) => a - b);
  const cells = [seconds[0], median(seconds), seconds.at(-1)].map((one) => one.toFixed(2));
  console.log(`| ${name} | ${cells.join(' | ')} | ${Math.max(...list.map(({ memory }) => memory)).toFixed(0)} |`);
}
console.log('\n| ratio | here | wanted |\n| --- | ---: | ---: |');
for (const [a, b, wanted] of PAIRS) {
  const ratio = median(results.get(a).map((one) => one.seconds)) / median(results.get(b).map((one) => one.seconds));
  console.log(`| ${a} to ${b} | ${ratio.toFixed(2)} | ${wanted} |`);
}
