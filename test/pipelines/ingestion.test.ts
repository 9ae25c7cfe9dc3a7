import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { withSession } from '../../activities/duckdb/session.ts';
import { createActivities } from '../../activities/index.ts';
import { openLake } from '../../activities/lake/lake.ts';
import { verifyTables } from '../../activities/publish/verify/verify-run.ts';
import { parseReceipt } from '../../client/cli/receipt/parse-receipt.ts';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import type { RunOptions } from '../../workflows/definition/index.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import { startBigQuery } from '../support/bigquery.ts';
import { startGcs, startS3 } from '../support/object-servers.ts';
import { planSettings } from '../support/pipeline-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';

const time = useTimeSkipping();
const [s3, gcs, bigquery] = await Promise.all([startS3(), startGcs(), startBigQuery()]);
for (const [name, value] of Object.entries({ ...s3.environment, ...gcs.environment })) vi.stubEnv(name, value);

/** One run of the pipeline as it ships, by settings alone; every run has the same lake and output folder. */
async function run(
  folder: string,
  settings: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<Receipt> {
  const stages = createActivities({
    ...planSettings(folder, join(projectRoot(), 'pipelines')),
    variables: { ...bigquery.environment, ...settings },
    alertLog: join(folder, 'alerts.log'),
    showAlert: () => undefined,
  });
  const { receipt } = await time.run(stages, { pipeline: 'ingestion', options });
  return parseReceipt(await readFile(fileURLToPath(receipt), 'utf8'), receipt);
}

function rows(files: string): Promise<Record<string, unknown>[]> {
  return withSession(undefined, (session) =>
    session.rows(
      `SELECT * FROM read_parquet('${files}', hive_partitioning = true, hive_types = {'changed_on': 'DATE'}) ORDER BY record_id`,
    ),
  );
}

test('one file goes local, S3, Google Cloud Storage, BigQuery, local by settings alone, and stays what it is', async () => {
  const folder = await temporaryFolder();
  await s3.makeBucket('first');
  await gcs.makeBucket('second');
  const dataset = await bigquery.makeDataset('third');
  const start = join(projectRoot(), 'pipelines/ingestion/sample/records.jsonl');
  const hops = [
    [start, 's3://first/out/'],
    ['s3://first/out/records/**/*.parquet', 'gs://second/out/'],
    ['gs://second/out/records/**/*.parquet', dataset],
    [`${dataset}/records`, join(folder, 'back')],
  ] as const;
  const receipts: Receipt[] = [];
  for (const [source, destination] of hops)
    receipts.push(await run(folder, { INGESTION_SOURCE: source, INGESTION_DESTINATION: destination }));
  for (const receipt of receipts) expect(receipt).toMatchObject({ accounted: true, error: null });
  expect(
    receipts.map(({ tables }) => tables.map(({ name, rows: count, inserted }) => [name, count, inserted])),
  ).toEqual(Array(4).fill([['records', 6, 6]]));
  expect(new Set(receipts.map(({ tables }) => tables[0]?.digest)).size).toBe(1);

  await run(folder, { INGESTION_SOURCE: start, INGESTION_DESTINATION: join(folder, 'direct') });
  const back = await rows(join(folder, 'back/records/**/*.parquet'));
  expect(back).toEqual(await rows(join(folder, 'direct/records/**/*.parquet')));
  expect(back[2]).toMatchObject({
    amount: '99999999999999.9999',
    quantity: '-9223372036854775808',
    note: 'two\nlines\tand a tab',
  });
  expect(back.map(({ name, note }) => [name, note])).toContainEqual(['', 'NULL']);
  expect(await readdir(join(folder, 'back/records'))).toEqual([
    'changed_on=2026-01-29',
    'changed_on=2026-01-30',
    'changed_on=2026-01-31',
  ]);

  const verified = await verifyTables(receipts[2]!, {
    lake: openLake(`file://${join(folder, 'lake')}`),
    variables: bigquery.environment,
    duckdb: receipts[2]!.versions.duckdb,
    limit: 10,
    signal: new AbortController().signal,
    receiptOf: () => Promise.resolve(undefined),
    say: () => undefined,
  });
  expect(verified).toMatchObject([{ name: 'records', result: { state: 'same', rows: 6 } }]);
});

test('without settings the sample goes into a folder', async () => {
  const folder = await temporaryFolder();
  const receipt = await run(folder, {}, { sample: 'small' });
  expect(receipt).toMatchObject({ accounted: true, error: null, run: { outcome: 'succeeded' } });
  expect(await rows(join(folder, 'out/ingestion/lake/records/**/*.parquet'))).toHaveLength(6);
});
