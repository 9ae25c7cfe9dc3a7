import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drainSource } from '../../../activities/drain/drain-source.ts';
import { loadMappings } from '../../../activities/normalise/load-mappings.ts';
import { compileTarget } from '../../../activities/plan/compile-target.ts';
import payments from '../../../pipelines/payments/pipeline.ts';
import type { DrainPlan, QueuePlan } from '../../../workflows/definition/index.ts';
import type { DrainedSource } from '../../../workflows/drain-contract.ts';
import { askPostgres, startPostgres, tellPostgres, type PostgresServer } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

interface Place {
  readonly origin: string;
  readonly sink: string;
  readonly drain: (run?: string, signal?: AbortSignal) => Promise<DrainedSource>;
}

const columns = { id: 'id', createdAt: 'created_at', processed: 'processed', processedAt: 'processed_at' };

async function place(sql?: string, queue: Partial<QueuePlan> = {}): Promise<Place> {
  const [origin, sink] = [await server.database(), await server.database()];
  await tellPostgres(origin, sql ?? readFileSync('pipelines/payments/sample/datalake.sql', 'utf8'));
  const lake = pathToFileURL(await temporaryFolder()).href;
  const { from, embedded = [], into } = payments.drain!;
  const source = from['raw_transactions'];
  if (source?.kind !== 'queue') throw new Error('the first source is a queue');
  const target = compileTarget(into, 'UTC');
  const { digest } = await loadMappings('pipelines/payments/mappings', target);
  const plan: DrainPlan = {
    from: [
      {
        kind: 'queue',
        name: 'raw_transactions',
        database: { setting: 'ORIGIN' },
        schema: 'public',
        table: 'raw_transactions',
        forms: source.forms,
        columns,
        ...queue,
      },
    ],
    embedded,
    target: {
      database: { setting: 'SINK' },
      name: 'postgres:SINK',
      schema: 'public',
      table: into.table,
      ...target,
    },
    mappings: { folder: 'pipelines/payments/mappings', digest },
  };
  return {
    origin,
    sink,
    drain: (runId = 'run-1', signal = new AbortController().signal) =>
      drainSource(
        {
          run: {
            pipeline: 'payments',
            environment: 'test',
            workflowId: 'payments-test',
            runId,
            rootRunId: runId,
            startedAt: '2026-06-30T00:00:00Z',
          },
          drain: plan,
          source: 'raw_transactions',
          lake,
        },
        { signal, report: () => undefined },
        { variables: { ORIGIN: origin, SINK: sink } },
      ),
  };
}

test('drains all that waits: one row for each good record, every record marked', { timeout: 60_000 }, async () => {
  const { origin, sink, drain } = await place();
  const { left, totals } = await drain();
  expect(left).toBe(false);
  expect(totals).toMatchObject({ read: 2060, inserted: 2000, unchanged: 0, quarantined: 12, unknownShape: 48 });
  expect(totals.reasons.reduce((sum, { rows }) => sum + rows, 0)).toBe(12);
  expect(await askPostgres(origin, 'SELECT count(*) AS n FROM raw_transactions WHERE NOT processed')).toEqual([
    { n: '0' },
  ]);
  const [sums] = await askPostgres(
    sink,
    `SELECT count(*) AS rows, count(DISTINCT source_id) AS ids, sum(amount)::text AS amount, count(occurred_at) AS times
       FROM normalized_payment_events`,
  );
  const [expected] = await askPostgres(
    origin,
    `SELECT sum(round((n * 7919 % 100000)::numeric / 100 + 0.01, 2))::text AS amount FROM generate_series(1, 2000) AS n`,
  );
  expect(sums).toMatchObject({ rows: '2000', ids: '2000', times: '2000' });
  expect(Number(sums?.['amount'])).toBe(Number(expected?.['amount']));
  const again = await drain('run-2');
  expect(again.totals).toMatchObject({ read: 0, batches: 0 });
});

test('what was loaded and not marked is recognised', { timeout: 60_000 }, async () => {
  const { origin, sink, drain } = await place();
  await drain();
  await tellPostgres(origin, 'UPDATE raw_transactions SET processed = false');
  const { totals } = await drain('run-2');
  expect(totals).toMatchObject({ read: 2060, inserted: 0, unchanged: 2000, quarantined: 12, unknownShape: 48 });
  expect(await askPostgres(sink, 'SELECT count(*) AS n FROM normalized_payment_events')).toEqual([{ n: '2000' }]);
  expect(await askPostgres(sink, 'SELECT count(*) AS n FROM _acequia_aside')).toEqual([{ n: '60' }]);
});

test('a table of other names, with text in it and ids that repeat: each record is accounted for', async () => {
  const { origin, sink, drain } = await place(
    `CREATE TABLE raw_transactions (id integer, transaction_data text, source text, created_at timestamp, processed boolean, processed_at timestamp);
     INSERT INTO raw_transactions VALUES
       (1, '{"id":"a","amount":1.10,"status":"approved"}', 'shop', '2026-01-01 10:00:00', NULL, NULL),
       (1, '{"id":"a","amount":1.10,"status":"approved"}', 'shop', '2026-01-01 10:00:00', NULL, NULL),
       (1, '{"id":"b","amount":2.20,"status":"approved"}', 'shop', '2026-01-01 10:00:01', NULL, NULL),
       (2, '{"id":"c","amount":NaN,"status":"approved"}', 'shop', NULL, false, NULL),
       (3, '{"id":"d","amount":3', 'shop', NULL, false, NULL),
       (4, NULL, NULL, NULL, false, NULL),
       (5, '{"id":"e","amount":5.50,"status":"approved"}', NULL, NULL, false, NULL),
       (6, '{"id":"f","amount":6,"amount":600,"status":"approved"}', NULL, NULL, false, NULL),
       (7, '{"id":"\\ud800","amount":7,"status":"approved"}', NULL, NULL, false, NULL),
       (8, repeat('{"a":', 50000) || '1' || repeat('}', 50000), NULL, NULL, false, NULL)`,
  );
  const { totals } = await drain();
  expect(totals).toMatchObject({ read: 10, inserted: 2, unchanged: 1, quarantined: 7, unknownShape: 0 });
  expect(totals.reasons).toEqual([
    { reason: 'the record is no valid JSON', rows: 2 },
    { reason: 'a name stands twice in an object of the record', rows: 1 },
    { reason: 'a text in the record ends within a character', rows: 1 },
    { reason: 'another record has the same id', rows: 1 },
    { reason: 'the record is nested too deeply', rows: 1 },
    { reason: 'there is no record: NULL', rows: 1 },
  ]);
  expect(
    await askPostgres(
      sink,
      'SELECT source_id, amount::text AS amount, provider, occurred_at::text AS at FROM normalized_payment_events ORDER BY 1',
    ),
  ).toEqual([
    { source_id: '1', amount: '1.100000000', provider: 'shop', at: '2026-01-01 10:00:00+00' },
    { source_id: '5', amount: '5.500000000', provider: null, at: null },
  ]);
  expect(await askPostgres(origin, 'SELECT count(*) AS n FROM raw_transactions WHERE processed IS NOT TRUE')).toEqual([
    { n: '0' },
  ]);
});

test('a row that the target refuses costs that row, not its batch', async () => {
  const minimal = (id: number, amount: number): string =>
    `(${id}, '{"id":"x","amount":${amount},"status":"approved"}', '2026-01-01 10:00:00Z', false, NULL)`;
  const { origin, sink, drain } = await place(
    `CREATE TABLE raw_transactions (id integer PRIMARY KEY, data json, created_at timestamptz, processed boolean, processed_at timestamptz);
     INSERT INTO raw_transactions VALUES ${minimal(1, 1)}`,
  );
  await drain();
  await tellPostgres(
    sink,
    'ALTER TABLE normalized_payment_events ADD CONSTRAINT no_13 CHECK (amount <> 13 AND amount <> 17)',
  );
  const amounts = Array.from({ length: 40 }, (_, index) => minimal(index + 2, index + 2));
  await tellPostgres(origin, `INSERT INTO raw_transactions VALUES ${amounts.join(', ')}`);
  const { totals } = await drain('run-2');
  expect(totals).toMatchObject({ read: 40, inserted: 38, quarantined: 2 });
  expect(totals.reasons).toEqual([{ reason: 'Postgres does not take one of its values', rows: 2 }]);
  expect(await askPostgres(sink, 'SELECT source_id FROM _acequia_aside ORDER BY 1')).toEqual([
    { source_id: '13' },
    { source_id: '17' },
  ]);
});
