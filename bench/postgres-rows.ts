/**
 * One reading of a table of 2 million rows of 11 columns, or the least that Postgres takes to hand them out, in a process of its
 * own. Prints seconds and memory as JSON.
 *
 *     postgres-rows <case> <folder> <url of a Postgres database>
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ingestSource } from '../activities/ingest/ingest-source.ts';
import { readSnapshot } from '../activities/ingest/postgres/read-snapshot.ts';
import { publishTables } from '../activities/publish/publish-tables.ts';
import type { SourceColumn } from '../workflows/definition/index.ts';
import { parseColumnType } from '../workflows/definition/index.ts';

const [name = '', folder = '', url = ''] = process.argv.slice(2);
const run = { pipeline: 'bench', environment: 'local', workflowId: 'b', runId: 'b', rootRunId: 'b', startedAt: '' };
const lake = pathToFileURL(join(folder, 'lake')).href;
const work = { report: () => undefined, signal: new AbortController().signal };

/** Every row differs, and half of the columns are no texts. */
const TABLE = `
  SET client_min_messages = warning; DROP TABLE IF EXISTS bench_rows;
  CREATE TABLE bench_rows AS SELECT i::bigint AS id, 'acc-' || (i * 7919 % 100000) AS account, 'user' || i || '@example.com' AS email,
    (ARRAY['ES','PT','MX','AR'])[1 + (i % 4)::int] AS country, (i * 31 % 1000000 / 100.0)::numeric(12,2) AS amount,
    (i * 17 % 100000 / 1000.0)::numeric(12,4) AS tax, (i % 50)::bigint AS quantity, i % 2 = 0 AS active,
    timestamptz '2024-01-01 00:00+00' + i * interval '7 seconds' AS created_at, date '2024-01-01' + (i % 700)::int AS day,
    CASE WHEN i % 3 > 0 THEN jsonb_build_object('source', 'web', 'n', i % 1000) END AS payload
    FROM generate_series(1::bigint, 2000000) AS i;
  ALTER TABLE bench_rows ADD PRIMARY KEY (id);
  ANALYZE bench_rows`;

const COLUMNS: Readonly<Record<string, string>> = {
  ...{
    id: 'integer!',
    account: 'text!',
    email: 'text!',
    country: 'text!',
    amount: 'decimal(12,2)!',
    tax: 'decimal(12,4)',
  },
  ...{ quantity: 'integer', active: 'boolean', created_at: 'timestamptz!', day: 'date', payload: 'text' },
};

function columns(): SourceColumn[] {
  return Object.entries(COLUMNS).flatMap(([column, type]) => {
    const parsed = parseColumnType(type);
    return parsed ? [{ name: column, field: column, list: '', formats: [], ...parsed }] : [];
  });
}

async function landed(): Promise<string> {
  const table = { source: 'rows', schema: 'public', table: 'bench_rows', format: 'parquet' as const };
  const database = { name: 'postgres:BENCH', setting: 'BENCH', tables: [table] };
  const { tables, failed } = await readSnapshot({ run, lake, database, positions: {} }, work, {
    variables: { BENCH: url },
  });
  if (failed[0]) throw new Error(failed[0].error.message);
  return tables[0]?.landed ?? '';
}

async function staged() {
  const contract = { newColumns: 'evolve', missingColumns: 'freeze', types: 'discard-row' } as const;
  const read = { path: 'postgres:BENCH/public.bench_rows', landed: await landed() };
  return ingestSource(
    {
      ...{ run, lake },
      source: {
        ...{ name: 'rows', kind: 'parquet', columns: columns(), contract, key: ['id'], failAbove: 0.01, dialect: {} },
        ...{ nested: { '*': 'json' }, ownRows: true, ...read },
      },
    },
    work,
  );
}

async function published(): Promise<unknown> {
  const { tables } = await staged();
  const table = { name: 'rows', from: 'source', columns: [], key: ['id'], references: [], indexes: [] } as const;
  const path = join(folder, 'raw');
  return publishTables(
    {
      ...{ run, lake, tables, fullRefresh: [], overrides: [], requestedAt: new Date().toISOString() },
      destination: { name: 'raw', kind: 'ducklake', path, tables: [table] },
    },
    work,
    { variables: {} },
  );
}

function psql(command: string): void {
  execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-c', command, url], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const CASES: Readonly<Record<string, () => unknown>> = {
  prepare: () => psql(TABLE),
  'raw COPY TO STDOUT': () => psql('COPY bench_rows TO STDOUT'),
  landed,
  'staged Parquet': staged,
  DuckLake: published,
};

const chosen = CASES[name];
if (!chosen) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
for (const made of ['lake', 'raw', 'raw.sqlite']) rmSync(join(folder, made), { recursive: true, force: true });
const begun = performance.now();
await chosen();
const seconds = (performance.now() - begun) / 1_000;
console.log(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1_024 }));
