/**
 * Ingests one file as `acequia copy` does, without a contract, and prints what it took as JSON: seconds of wall clock and
 * of CPU, peak memory in MB, rows. `--second-reader`: only splits and counts, as the second reader of CSV does.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { detectDialect } from '../activities/ingest/csv/detect-dialect.ts';
import { csvReader } from '../activities/ingest/csv/csv-reader.ts';
import { ingestSource } from '../activities/ingest/ingest-source.ts';
import { splitFile } from '../activities/ingest/rows/split-file.ts';

const [file = '', only] = process.argv.slice(2);
const signal = new AbortController().signal;

async function ingest(folder: string): Promise<number> {
  const { read } = await ingestSource(
    {
      run: { pipeline: 'bench', environment: 'local', workflowId: 'b', runId: 'b', rootRunId: 'b', startedAt: '' },
      lake: pathToFileURL(join(folder, 'lake')).href,
      source: {
        name: 'bench',
        kind: 'files',
        path: resolve(file),
        columns: [],
        contract: { newColumns: 'evolve', missingColumns: 'freeze', types: 'discard-row' },
        key: [],
        failAbove: 0.5,
        dialect: {},
        nested: { '*': 'tables' },
      },
    },
    { report: () => undefined, signal },
  );
  return read;
}

async function split(): Promise<number> {
  const { dialect } = await detectDialect(file, {}, signal);
  const splitter = csvReader.createSplitter?.({ kind: 'csv', ...dialect }, { windowBytes: 8 << 20 });
  if (!splitter) throw new Error('CSV has a second reader');
  const open = openSync(file, 'r');
  let records = 0;
  splitFile(open, splitter, { start: 0, end: statSync(file).size, last: true }, (window) => {
    records += window.records;
  });
  closeSync(open);
  return records;
}

const folder = await mkdtemp(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'acequia-bench-'));
try {
  const begin = performance.now();
  const rows = only === '--second-reader' ? await split() : await ingest(folder);
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage();
  const cpu = (user + system) / 1e6;
  console.log(JSON.stringify({ seconds, cpu, memory: process.resourceUsage().maxRSS / 1024, rows }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
