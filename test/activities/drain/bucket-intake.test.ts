import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drainSource } from '../../../activities/drain/drain-source.ts';
import { tallySource } from '../../../activities/drain/tally-source.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { WorkerMetrics } from '../../../activities/worker-metrics.ts';
import { loadMappings } from '../../../activities/normalise/load-mappings.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { compileTarget } from '../../../activities/plan/compile-target.ts';
import type { Work } from '../../../activities/progress.ts';
import payments from '../../../pipelines/payments/pipeline.ts';
import type { DrainPlan } from '../../../workflows/definition/index.ts';
import type { DrainedSource, DrainRequest, DrainTally } from '../../../workflows/drain-contract.ts';
import { startGcs, startS3, useSettings } from '../../support/object-servers.ts';
import { askPostgres, startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const [s3, gcs] = await Promise.all([startS3(), startGcs()]);
const signal = new AbortController().signal;
let server: PostgresServer;
let buckets = 0;
beforeAll(async () => {
  useSettings({ ...s3.environment, ...gcs.environment });
  server = await startPostgres();
});
afterAll(() => server.stop());

type Files = Readonly<Record<string, string | Buffer>>;

interface Place {
  readonly root: string;
  readonly sink: string;
  readonly put: (files: Files) => Promise<void>;
  readonly drain: (run?: string, work?: Partial<Work>) => Promise<DrainedSource & { readonly tally: DrainTally }>;
  readonly files: () => Promise<Record<string, string | null>[]>;
}

async function place(scheme: 's3' | 'gs' = 's3', prefix = 'in/', named?: string): Promise<Place> {
  const bucket = named ?? `raw-events-${(buckets += 1)}`;
  if (named === undefined) await (scheme === 's3' ? s3 : gcs).makeBucket(bucket);
  const root = `${scheme}://${bucket}`;
  const sink = await server.database();
  const lake = pathToFileURL(await temporaryFolder()).href;
  const { embedded = [], into } = payments.drain!;
  const target = compileTarget(into, 'UTC');
  const { digest } = await loadMappings('pipelines/payments/mappings', target);
  const plan: DrainPlan = {
    from: [{ kind: 'bucket', name: 'raw_files', url: `${root}/${prefix}` }],
    embedded,
    target: { database: { setting: 'SINK' }, name: 'postgres:SINK', schema: 'public', table: into.table, ...target },
    mappings: { folder: 'pipelines/payments/mappings', digest },
  };
  return {
    root,
    sink,
    put: (files) => upload(root, files),
    drain: async (runId = 'run-1', work = {}) => {
      const startedAt = new Date().toISOString();
      const workflow = { pipeline: 'payments', environment: 'test', workflowId: 'payments-test' };
      const run = { ...workflow, runId, rootRunId: runId, startedAt };
      const request: DrainRequest = { run, drain: plan, source: 'raw_files', lake };
      const whole: Work = { signal, report: () => undefined, ...work };
      const drained = await drainSource(request, whole, { variables: { SINK: sink } });
      return { ...drained, tally: await tallySource(request, whole, { variables: { SINK: sink } }) };
    },
    files: () => askPostgres(sink, 'SELECT key, status, records, error FROM processed_files ORDER BY started, key'),
  };
}

async function upload(root: string, files: Files): Promise<void> {
  const folder = await temporaryFolder();
  const { store } = await openObjects(`${root}/`);
  for (const [key, bytes] of Object.entries(files)) {
    await writeFile(join(folder, 'x'), bytes);
    await store.upload(join(folder, 'x'), key, { signal, onBytes: () => undefined });
  }
  store.close();
}

const record = (id: string, amount = '100.50'): string => `{"id":"${id}","amount":${amount},"status":"approved"}`;
const list = (prefix: string, count: number): string =>
  `[${Array.from({ length: count }, (_, n) => record(`${prefix}_${n}`)).join(',\n ')}]`;

async function parquet(): Promise<Buffer> {
  const path = join(await temporaryFolder(), 'x.parquet');
  await withSession(undefined, (session) =>
    session.run(
      `COPY (SELECT 'tx_p' || n AS id, 12345678901234567890.123456789::DECIMAL(38,9) AS amount, 'approved' AS status FROM range(3) t(n))
       TO ${literal(path)} (FORMAT parquet)`,
    ),
  );
  return readFile(path);
}

test('every format becomes rows, by the bytes of the record', { timeout: 90_000 }, async () => {
  const { root, sink, put, drain, files } = await place();
  const nested = '{"amount": 1.10, "id": "tx_é", "status": "approved"}';
  await put({
    'in/list.json': `\uFEFF[ ${nested} , ${record('tx_2')}]\n`,
    'in/one.json': record('tx_one', '0.1'),
    'in/wrapped.json': `{"count": 1, "data": [${record('tx_w')}], "next": null}`,
    'in/lines.jsonl': `${record('tx_3')}\r\n\n{"id": broken}\n${record('tx_4')}`,
    'in/rows.csv': 'id,amount,status\ntx_5,7.25,approved\n"tx_6",8.00,"declined"\ntx_7,9\n',
    'in/rows.parquet': await parquet(),
    'in/rows.xml':
      '<?xml version="1.0"?><all><Tx><id>tx_x1</id><amount>5.5</amount><status>approved</status></Tx><Tx><id>tx_x2</id><amount>6</amount><status>approved</status></Tx></all>',
    'in/packed.jsonl.gz': gzipSync(`${record('tx_8')}\n`),
    'in/_work.json': record('no'),
    'in/.hidden/x.json': record('no'),
    'in/x.json.part': record('no'),
    'other/y.json': record('no'),
  });
  const counted: Record<string, number> = {};
  const metrics: WorkerMetrics = {
    count: ({ name }, by) => void (counted[name] = (counted[name] ?? 0) + by),
    observe: ({ name }) => void (counted[name] = (counted[name] ?? 0) + 1),
  };
  const { left, totals, tally } = await drain('run-1', { metrics });
  expect(left).toBe(false);
  const aside = await askPostgres(
    sink,
    'SELECT source_id, reason, record FROM _acequia_aside WHERE reason IS NOT NULL ORDER BY source_id',
  );
  expect(aside).toEqual([
    { source_id: `${root}/in/lines.jsonl#2`, reason: 'the record is no valid JSON', record: '{"id": broken}' },
    { source_id: `${root}/in/rows.csv#3`, reason: '2 fields where the header has 3', record: 'tx_7,9' },
  ]);
  expect(totals).toMatchObject({ read: 16, inserted: 10, quarantined: 2, unknownShape: 4 });
  const rows = await askPostgres<{ raw: string; source_id: string; amount: string }>(
    sink,
    'SELECT source_id, raw::text AS raw, amount::text AS amount FROM normalized_payment_events',
  );
  const of = (id: string): unknown => rows.find(({ source_id: found }) => found === `${root}/in/${id}`);
  expect(of('list.json#1')).toMatchObject({ raw: nested, amount: '1.100000000' });
  expect(of('wrapped.json#1')).toMatchObject({ raw: record('tx_w') });
  expect(of('rows.parquet#2')).toMatchObject({ amount: '12345678901234567890.123456789' });
  // All of their values are texts: a shape that no shipped mapping is for.
  const parked = await askPostgres(sink, 'SELECT record FROM _acequia_aside WHERE reason IS NULL ORDER BY source_id');
  expect(parked.map(({ record: text }) => text)).toEqual([
    '{"id":"tx_5","amount":"7.25","status":"approved"}',
    '{"id":"tx_6","amount":"8.00","status":"declined"}',
    '{"id":"tx_x1","amount":"5.5","status":"approved"}',
    '{"id":"tx_x2","amount":"6","status":"approved"}',
  ]);
  expect(tally).toMatchObject({ files: 8, failedFiles: [] });
  expect((await files()).every(({ status }) => status === 'done')).toBe(true);
  expect(counted).toEqual({
    data_lake_files_processed_total: 8,
    data_lake_records_ingested_total: 10,
    data_lake_processing_seconds: 1,
  });
  expect((await drain('run-2')).totals).toMatchObject({ read: 0 });
});

test(
  'a broken file is recorded as failed, the others go on, and the next run tries it again',
  { timeout: 60_000 },
  async () => {
    const { root, put, drain, files } = await place();
    await put({
      'in/1-good.json': list('a', 3),
      'in/2-cut.json': list('b', 3).slice(0, -40),
      'in/3-empty.json': '',
      'in/4-sheet.json': Buffer.from('%PDF-1.7 marker-value'),
      'in/5-good.json': list('c', 2),
    });
    const { left, totals, tally } = await drain();
    expect(left).toBe(false);
    expect(totals.inserted).toBeGreaterThanOrEqual(5);
    expect(tally.files).toBe(2);
    expect(tally.failedFiles?.map(({ name, error }) => [name, error.type, error.stage])).toEqual([
      [`${root}/in/2-cut.json`, 'SourceCorrupt', 'drain'],
      [`${root}/in/3-empty.json`, 'SourceEmpty', 'drain'],
      [`${root}/in/4-sheet.json`, 'SourceWrongType', 'drain'],
    ]);
    expect(JSON.stringify([await files(), tally])).not.toMatch(/marker/);
    await put({ 'in/2-cut.json': list('b', 3) });
    const again = await drain('run-2');
    expect(again.tally.failedFiles?.map(({ name }) => name)).toEqual([
      `${root}/in/3-empty.json`,
      `${root}/in/4-sheet.json`,
    ]);
    expect(again.tally.files).toBe(1);
  },
);

test(
  'a file that was stopped half-way is read again; one that changed brings only what is new',
  { timeout: 60_000 },
  async () => {
    const { root, sink, put, drain, files } = await place('gs');
    await put({ 'in/many.json': list('m', 12_000) });
    const stop = new AbortController();
    const report: Work['report'] = ({ step, rows = 0 }) => {
      if (step === 'draining' && rows > 0) stop.abort(new Error('stopped by hand'));
    };
    await expect(drain('run-1', { signal: stop.signal, report })).rejects.toThrow('stopped by hand');
    expect(await files()).toMatchObject([{ status: 'started' }]);
    const [before] = await askPostgres(sink, 'SELECT count(*) AS rows FROM normalized_payment_events');
    const loaded = Number(before?.['rows']);
    expect(loaded).toBeGreaterThan(0);
    expect(loaded).toBeLessThan(12_000);
    expect((await drain('run-2')).totals).toMatchObject({ read: 12_000, unchanged: loaded, inserted: 12_000 - loaded });
    expect(await files()).toMatchObject([{ status: 'done', records: '12000' }]);
    await put({
      'in/many.json': `[${record('other')},${list('m', 12_000).slice(1).split(',\n').slice(1).join(',\n').slice(0, -1)},${record('new')}]`,
    });
    const third = await drain('run-3');
    expect(third.totals).toMatchObject({ read: 12_001, unchanged: 11_999, inserted: 1, quarantined: 1 });
    expect(third.totals.reasons).toEqual([{ reason: 'another record has the same id', rows: 1 }]);
    expect(
      await askPostgres(sink, `SELECT count(*) AS n FROM processed_files WHERE key = '${root}/in/many.json'`),
    ).toEqual([{ n: '2' }]);
  },
);

test('a record of 20 MB is taken, one beyond what is taken whole is put aside', { timeout: 120_000 }, async () => {
  const { root, sink, put, drain } = await place();
  const long = (id: string, megabytes: number): string =>
    record(id).replace('}', `,"note":"${'x'.repeat(megabytes << 20)}"}`);
  await put({ 'in/large.jsonl': `${record('s1')}\n${long('l1', 20)}\n${long('l2', 33)}\n${record('s2')}\n` });
  const { totals } = await drain();
  expect(totals.read).toBe(4);
  const asides = await askPostgres(
    sink,
    `SELECT source_id, reason, length(record) AS length FROM _acequia_aside ORDER BY source_id`,
  );
  expect(asides.at(-1)).toEqual({
    source_id: `${root}/in/large.jsonl#3`,
    reason: 'the record is longer than 32 MB',
    length: 64 * 1024,
  });
});

test(
  'a wrong bucket and a wrong key end the source, with what to do and without the key',
  { timeout: 60_000 },
  async () => {
    const missing = await place('s3', 'in/', 'no-such-bucket');
    await expect(missing.drain()).rejects.toMatchObject({ type: 'BucketMissing' });
    const { drain } = await place();
    useSettings({ ...s3.environment, AWS_SECRET_ACCESS_KEY: 'marker-secret' });
    const failed = await drain().catch((error: unknown) => error);
    useSettings({ ...s3.environment, ...gcs.environment });
    expect(failed).toMatchObject({ type: 'BucketDenied' });
    expect(String(failed)).not.toContain('marker-secret');
  },
);
