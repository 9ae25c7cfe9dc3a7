/**
 * Files to Parquet, all rules on: 6 million rows of CSV (TPC-H lineitem), 2 million nested records of JSON Lines, and XML;
 * beside polars, DuckDB and dlt, where a Python with them is named by BENCH_PYTHON. Whole processes, in turn; each runs
 * twice and its second run counts, as the first one's files may have left the system's memory meanwhile.
 *
 *     BENCH_PYTHON=<venv>/bin/python BENCH_DLT=1 node bench/files.mjs [runs] [folder for the data]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compiled, ROOT } from './compile.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const DATA = process.argv[3] ?? join(tmpdir(), 'acequia-bench-data');
const PYTHON = process.env.BENCH_PYTHON;
const program = await compiled('ingest-file.ts');

function makeLines(path, count, line) {
  const file = openSync(path, 'w');
  let batch = [];
  for (let i = 0; i < count; i += 1) {
    batch.push(line(i));
    if (batch.length < 10_000 && i + 1 < count) continue;
    writeSync(file, batch.join(''));
    batch = [];
  }
  closeSync(file);
}

/** Seeded by the number of the record: the same in every run. */
const record = (i) => {
  const items = Array.from({ length: 1 + (i % 4) }, (_, n) => ({
    sku: `A-${(i * 7 + n) % 9973}`,
    qty: 1 + ((i + n) % 9),
    price: (100 + ((i * 31 + n) % 9900)) / 100,
  }));
  return {
    id: i,
    customer: { name: `Customer number ${i % 50_021}`, country: ['ES', 'AR', 'DE', 'FR'][i % 4] },
    items,
    created_at: `2024-01-${String(1 + (i % 28)).padStart(2, '0')}T03:04:${String(i % 60).padStart(2, '0')}`,
    total: (i % 100_000) / 100,
    note: `delivered to the door of house ${i % 977}`,
  };
};

function prepare(name, make) {
  mkdirSync(DATA, { recursive: true });
  const path = join(DATA, name);
  if (!existsSync(path)) make(path);
  return path;
}

const jsonl = prepare('records.jsonl', (path) => makeLines(path, 2_000_000, (i) => `${JSON.stringify(record(i))}\n`));
const xml = prepare('records.xml', (path) =>
  makeLines(path, 300_002, (i) => {
    if (i === 0) return '<orders>\n';
    if (i === 300_001) return '</orders>\n';
    const { id, customer, items, total, note } = record(i);
    const lines = items.map(
      ({ sku, qty, price }) => `<item sku="${sku}"><qty>${qty}</qty><price>${price}</price></item>`,
    );
    return `<order id="${id}"><customer><name>${customer.name}</name></customer>${lines.join('')}<total>${total}</total><note>${note}</note></order>\n`;
  }),
);
const csv = join(DATA, 'lineitem.csv');
if (!existsSync(csv) && PYTHON) {
  const made = spawnSync(join(dirname(PYTHON), 'tpchgen-cli'), [
    'csv',
    '-s',
    '1',
    '--tables=lineitem',
    `--output-dir=${DATA}`,
  ]);
  if (made.status !== 0) console.error('lineitem.csv is missing: pip install tpchgen-cli, or put it there');
}

function ours(...args) {
  const { status, stdout, stderr } = spawnSync('node', [program, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function peer(script, path) {
  const folder = mkdtempSync(join(tmpdir(), 'acequia-bench-peer-'));
  const out = script.includes('polars') ? join(folder, 'out.parquet') : folder;
  const begin = performance.now();
  const { status, stderr } = spawnSync(PYTHON, [join(ROOT, 'bench', 'peers', script), path, out], { encoding: 'utf8' });
  const seconds = (performance.now() - begin) / 1000;
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stderr}`);
  return { seconds };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function report(name, path, results) {
  const seconds = results.map((one) => one.seconds).sort((a, b) => a - b);
  const { cpu, memory } = results[0];
  const megabytes = statSync(path).size / 1e6;
  const cells = [
    name,
    ...[seconds[0], median(seconds), seconds.at(-1)].map((one) => one.toFixed(2)),
    (megabytes / median(seconds)).toFixed(0),
    cpu === undefined ? '' : median(results.map((one) => one.cpu)).toFixed(1),
    memory === undefined ? '' : Math.max(...results.map((one) => one.memory)).toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

const cases = [
  ...(existsSync(csv)
    ? [
        ['CSV, Acequia', csv, () => ours(csv)],
        ['CSV, the second reader alone', csv, () => ours(csv, '--second-reader')],
        ...(PYTHON ? [['CSV, polars', csv, () => peer('csv-polars.py', csv)]] : []),
      ]
    : []),
  ['JSON Lines, Acequia', jsonl, () => ours(jsonl)],
  ...(PYTHON ? [['JSON Lines, DuckDB', jsonl, () => peer('jsonl-duckdb.py', jsonl)]] : []),
  ['XML, Acequia', xml, () => ours(xml)],
];
const results = new Map(cases.map(([name]) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, , once] of cases) {
    once();
    results.get(name).push(once());
  }
}

console.log('| file, tool | min s | median s | max s | MB/s | CPU s | MB of memory |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [name, path] of cases) report(name, path, results.get(name));
// Minutes: once is enough for a factor of eight, and only where it is asked for.
if (PYTHON && process.env.BENCH_DLT && existsSync(csv)) report('CSV, dlt, once', csv, [peer('csv-dlt.py', csv)]);
