/**
 * One publication, or the least that another way takes for the same rows, in a process of its own. Prints seconds as JSON.
 *
 *     publish-rows <case> <folder> [url of a Postgres database]
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadExtension } from '../activities/duckdb/extensions.ts';
import { literal } from '../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../activities/duckdb/session.ts';
import { publishTables } from '../activities/publish/publish-tables.ts';
import type { DestinationPlace, TablePlan } from '../workflows/definition/index.ts';

const [name = '', folder = '', url = ''] = process.argv.slice(2);
const rows = `read_parquet(${literal(join(folder, 'rows.parquet'))})`;
const COLUMNS =
  'id bigint, account text, email text, country text, amount numeric(12,2), tax numeric(12,4), quantity bigint, active boolean, created_at timestamptz, day date, payload text';

/** 2 million rows of 11 columns, and 200,000 of them with other values. The same in every run. */
async function prepare(): Promise<void> {
  const query = (note: string, every: number): string =>
    `SELECT i AS id, 'acc-' || (hash(i) % 100000) AS account, 'user' || i || '@example.com' AS email, ['ES','PT','MX','AR'][1 + (hash(i,1) % 4)::INT] AS country,
       ((hash(i,2) % 1000000) / 100)::DECIMAL(12,2) AS amount, ((hash(i,3) % 100000) / 1000)::DECIMAL(12,4) AS tax, (hash(i,4) % 50)::BIGINT AS quantity, hash(i,5) % 2 = 0 AS active,
       TIMESTAMPTZ '2024-01-01' + (hash(i,6) % 50000000)::BIGINT * INTERVAL 1 SECOND AS created_at, DATE '2024-01-01' + (hash(i,7) % 700)::INT AS day,
       CASE WHEN i % 3 = 0 THEN NULL ELSE '{"source":"${note}","n":' || (hash(i,8) % 1000) || '}' END AS payload FROM range(0, 2000000, ${every}) r(i)`;
  await withSession(undefined, async (session) => {
    for (const [file, from] of [
      ['rows', query('web', 1)],
      ['changed', query('app', 10)],
    ] as const) {
      await session.run(
        `COPY (${from}) TO ${literal(join(folder, `${file}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
      );
      await session.run(`COPY (${from}) TO ${literal(join(folder, `${file}.csv`))} (FORMAT csv)`);
    }
  });
}

function ours(place: DestinationPlace, file: string, more: Partial<TablePlan> = {}): Promise<unknown> {
  const table = {
    name: 'orders',
    from: 'source',
    columns: [],
    key: ['id'],
    references: [],
    indexes: [],
    ...more,
  } as const;
  return publishTables(
    {
      run: { pipeline: 'bench', environment: 'local', workflowId: 'b', runId: 'b', rootRunId: 'b', startedAt: '' },
      lake: pathToFileURL(folder).href,
      destination: { name: 'bench', ...place, tables: [table] },
      tables: [{ name: 'orders', rows: 0, uris: [pathToFileURL(join(folder, file)).href] }],
      fullRefresh: [],
      overrides: [],
      requestedAt: new Date().toISOString(),
    },
    { report: () => undefined, signal: new AbortController().signal },
    { variables: {} },
  );
}

async function duckdb(attach: string, extensions: readonly ('ducklake' | 'sqlite_scanner')[]): Promise<void> {
  await withSession(undefined, async (session: Session) => {
    for (const extension of extensions) await loadExtension(session, extension);
    await session.run(`ATTACH ${attach}`);
    await session.run(`CREATE TABLE bench.orders AS SELECT * FROM ${rows}`);
  });
}

function psql(...commands: readonly string[]): void {
  execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', ...commands.flatMap((command) => ['-c', command]), url]);
}

const at = (file: string): string => join(folder, file);
const postgres: DestinationPlace = { kind: 'postgres', path: 'postgres:bench', server: { url } };

const CASES: Readonly<Record<string, { before?: () => unknown; run: () => unknown }>> = {
  prepare: { run: prepare },
  'postgres ours': {
    before: () => psql('DROP TABLE IF EXISTS orders, _acequia_ledger'),
    run: () => ours(postgres, 'rows.parquet'),
  },
  'postgres copy': {
    before: () => psql('DROP TABLE IF EXISTS orders, _acequia_ledger'),
    run: () =>
      psql(`CREATE TABLE orders (${COLUMNS})`, `\\copy orders FROM '${at('rows.csv')}' WITH (FORMAT csv, HEADER)`),
  },
  // With the key that ours has.
  'postgres copy, keyed': {
    before: () => psql('DROP TABLE IF EXISTS orders, _acequia_ledger'),
    run: () =>
      psql(
        `CREATE TABLE orders (${COLUMNS}, PRIMARY KEY (id))`,
        `\\copy orders FROM '${at('rows.csv')}' WITH (FORMAT csv, HEADER)`,
        'ANALYZE orders',
      ),
  },
  'merge ours': {
    before: async () => {
      psql('DROP TABLE IF EXISTS orders, _acequia_ledger');
      await ours(postgres, 'rows.parquet');
      psql('VACUUM ANALYZE orders');
    },
    run: () => ours(postgres, 'changed.parquet', { mode: 'merge' }),
  },
  'merge by hand': {
    before: async () => {
      psql('DROP TABLE IF EXISTS orders, _acequia_ledger, staging');
      await ours(postgres, 'rows.parquet');
      psql('VACUUM ANALYZE orders');
    },
    run: () =>
      psql(
        `CREATE TABLE staging (${COLUMNS})`,
        `\\copy staging FROM '${at('changed.csv')}' WITH (FORMAT csv, HEADER)`,
        `INSERT INTO orders SELECT * FROM staging ON CONFLICT (id) DO UPDATE SET ${COLUMNS.split(', ')
          .map((column) => column.split(' ')[0] ?? '')
          .filter((column) => column !== 'id')
          .map((column) => `${column} = excluded.${column}`)
          .join(', ')}`,
        'DROP TABLE staging',
      ),
  },
  'duckdb ours': {
    before: () => rmSync(at('ours.duckdb'), { force: true }),
    run: () => ours({ kind: 'duckdb', path: at('ours.duckdb') }, 'rows.parquet'),
  },
  'duckdb ctas': {
    before: () => rmSync(at('ctas.duckdb'), { force: true }),
    run: () => duckdb(`${literal(at('ctas.duckdb'))} AS bench`, []),
  },
  'ducklake ours': {
    before: () => removeLake('ours.ducklake'),
    run: () => ours({ kind: 'ducklake', path: at('ours.ducklake') }, 'rows.parquet'),
  },
  'ducklake ctas': {
    before: () => removeLake('ctas.ducklake'),
    run: () =>
      duckdb(`'ducklake:sqlite:${at('ctas.ducklake.sqlite')}' AS bench (DATA_PATH ${literal(at('ctas.ducklake/'))})`, [
        'sqlite_scanner',
        'ducklake',
      ]),
  },
  'sqlite ours': {
    before: () => rmSync(at('ours.db'), { force: true }),
    run: () => ours({ kind: 'sqlite', path: at('ours.db') }, 'rows.parquet'),
  },
  'sqlite import': {
    before: () => rmSync(at('import.db'), { force: true }),
    run: () =>
      execFileSync('sqlite3', [
        at('import.db'),
        `CREATE TABLE orders (${COLUMNS})`,
        '.mode csv',
        `.import --skip 1 ${at('rows.csv')} orders`,
      ]),
  },
};

function removeLake(path: string): void {
  rmSync(at(path), { recursive: true, force: true });
  rmSync(at(`${path}.sqlite`), { force: true });
}

const found = CASES[name];
if (!found) throw new Error(`no case "${name}"; there are: ${Object.keys(CASES).join(', ')}`);
await found.before?.();
const begin = performance.now();
await found.run();
console.log(
  JSON.stringify({ seconds: (performance.now() - begin) / 1000, memory: process.resourceUsage().maxRSS / 1024 }),
);
