/**
 * A million raw payment events of five known shapes from one Postgres database to another, normalised and marked; or the least
 * that Postgres takes for the writing alone; or record by record. In a process of its own. Prints seconds and memory as JSON.
 *
 *     payments-rows <case> <folder> <url of a Postgres database>
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { drainSource } from '../activities/drain/drain-source.ts';
import { loadMappings } from '../activities/normalise/load-mappings.ts';
import { compileTarget } from '../activities/plan/compile-target.ts';
import payments from '../pipelines/payments/pipeline.ts';

const [name = '', folder = '', url = '', rows = '1000000'] = process.argv.slice(2);
const MAPPINGS = 'pipelines/payments/mappings';
const at = (database: string): string => url.replace(/[^/]*$/, database);
const [ORIGIN, SINK] = [at('bench_payments_origin'), at('bench_payments_sink')];
/** Records of the loop that goes one by one: a million would take an hour. */
const LOOP = 20_000;

const EVENTS = `
  CREATE TABLE raw_template AS SELECT md5('event ' || n)::uuid AS id,
    CASE n % 5
      WHEN 0 THEN jsonb_build_object('amt', amount, 'p_id', 'Stripe', 'exec_ms', 80 + n % 900, 'st_code', 1, 'server_txt', '00_SUCCESS', 'card_country', 'ES')
      WHEN 1 THEN jsonb_build_object('meta', jsonb_build_object('code', 200, 'latency', 100 + n % 800), 'status', 'APPROVED',
        'provider', 'PayU', 'origin_iso', 'AR', 'amount_details', jsonb_build_object('value', amount, 'currency', 'USD'))
      WHEN 2 THEN jsonb_build_object('type', 'XML_BLOB', 'content',
        format('<Tx><MerchID>M-%s</MerchID><Val>%s</Val><Stat>APPROVED</Stat></Tx>', n % 40, amount))
      WHEN 3 THEN jsonb_build_object('id', 'tx_' || n, 'amount', amount, 'status', 'approved')
      ELSE jsonb_build_object('transaction_id', 'pay_' || n, 'value', amount, 'state', 'declined')
    END AS data,
    jsonb_build_object('id', 'm_' || n % 40, 'name', 'Merchant ' || n % 40, 'country', 'MX') AS merchant,
    md5('transaction ' || n)::uuid AS transactional_id,
    timestamptz '2026-01-01 00:00:00+00' + n * interval '3 seconds' AS created_at
  FROM (SELECT n, round((n * 7919 % 100000)::numeric / 100 + 0.01, 2) AS amount FROM generate_series(1, ${rows}::bigint) AS n) AS numbers`;

const RESET = `
  DROP TABLE IF EXISTS raw_transactions;
  CREATE TABLE raw_transactions (id uuid PRIMARY KEY, data jsonb, merchant jsonb, transactional_id uuid,
    created_at timestamptz NOT NULL, processed boolean NOT NULL DEFAULT false, processed_at timestamptz);
  INSERT INTO raw_transactions SELECT id, data, merchant, transactional_id, created_at FROM raw_template;
  CREATE INDEX ON raw_transactions (created_at, id) WHERE NOT processed;
  VACUUM ANALYZE raw_transactions; CHECKPOINT`;

function psql(database: string, ...commands: readonly string[]): void {
  const args = commands.flatMap((command) => ['-c', command]);
  execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', ...args, database], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function each(sql: string): string[] {
  return sql.split(';').map((one) => one.trim());
}

async function drain(): Promise<void> {
  const { from, embedded = [], into } = payments.drain!;
  const queue = from['raw_transactions'];
  if (queue?.kind !== 'queue') throw new Error('the first source is a queue');
  const columns = compileTarget(into, 'UTC');
  const { digest } = await loadMappings(MAPPINGS, columns);
  const { totals } = await drainSource(
    {
      run: { pipeline: 'payments', environment: 'b', workflowId: 'b', runId: 'b', rootRunId: 'b', startedAt: '' },
      source: 'raw_transactions',
      lake: pathToFileURL(join(folder, 'lake')).href,
      drain: {
        from: [
          {
            ...{ kind: 'queue', name: 'raw_transactions', database: { setting: 'ORIGIN' }, schema: 'public' },
            ...{ table: 'raw_transactions', forms: queue.forms },
            columns: { id: 'id', createdAt: 'created_at', processed: 'processed', processedAt: 'processed_at' },
          },
        ],
        embedded,
        target: { database: { setting: 'SINK' }, name: 'sink', schema: 'public', table: into.table, ...columns },
        mappings: { folder: MAPPINGS, digest },
      },
    },
    { report: () => undefined, signal: new AbortController().signal },
    { variables: { ORIGIN, SINK } },
  );
  if (totals.inserted !== Number(rows)) throw new Error(JSON.stringify(totals));
}

/** The finished rows into a table with the same indexes, and all marks in one statement. */
function floor(): void {
  psql(SINK, `COPY floor FROM '${join(folder, 'rows.bin')}' (FORMAT binary)`);
  psql(ORIGIN, 'UPDATE raw_transactions SET processed = true, processed_at = now() WHERE NOT processed');
}

/** What a script does: read a record, look at it, insert a row, mark the record. */
async function loop(): Promise<void> {
  const [origin, sink] = [new pg.Client(ORIGIN), new pg.Client(SINK)];
  await origin.connect();
  await sink.connect();
  const { rows: waiting } = await origin.query<{ id: string; data: Record<string, unknown>; created_at: Date }>(
    `SELECT id, data, created_at FROM raw_transactions WHERE NOT processed ORDER BY created_at LIMIT ${LOOP}`,
  );
  for (const { id, data, created_at: createdAt } of waiting) {
    const amount = data['amt'] ?? data['amount'] ?? data['value'] ?? 1;
    await sink.query(
      `INSERT INTO normalized_payment_events (event_id, source_id, amount, status, occurred_at, shape_id, mapping_id, mapping_version, raw, normalized_at)
       VALUES ($1, $2, $3, 'approved', $4, 's', 'm', 1, $5, now())`,
      [id, id, amount, createdAt, JSON.stringify(data)],
    );
    await origin.query('UPDATE raw_transactions SET processed = true, processed_at = now() WHERE id = $1', [id]);
  }
  await origin.end();
  await sink.end();
}

const CASES: Readonly<Record<string, () => unknown>> = {
  prepare: async () => {
    for (const database of [ORIGIN, SINK].map((one) => one.replace(/.*\//, '')))
      psql(url, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, `CREATE DATABASE ${database}`);
    psql(ORIGIN, EVENTS);
    psql(ORIGIN, ...each(RESET));
    await drain();
    psql(
      SINK,
      `COPY normalized_payment_events TO '${join(folder, 'rows.bin')}' (FORMAT binary)`,
      'CREATE TABLE floor (LIKE normalized_payment_events INCLUDING ALL)',
    );
  },
  reset: () => {
    psql(ORIGIN, ...each(RESET));
    psql(SINK, 'TRUNCATE normalized_payment_events, floor', 'TRUNCATE _acequia_batches', 'CHECKPOINT');
  },
  drain,
  floor,
  loop,
};

const chosen = CASES[name];
if (!chosen) throw new Error(`there is no case ${name}: ${Object.keys(CASES).join(', ')}`);
const begun = performance.now();
await chosen();
const seconds = (performance.now() - begun) / 1_000;
console.log(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1_024 }));
