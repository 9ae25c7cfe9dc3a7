import { writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openObjects } from '../../activities/objects/open-objects.ts';
import { receiptOf } from '../support/command.ts';
import { startS3, useSettings } from '../support/object-servers.ts';
import { useHome } from './support/home.ts';
import { run } from './support/typed.ts';

const home = useHome();
const s3 = await startS3();
const secret = s3.environment.AWS_SECRET_ACCESS_KEY!;

const FILES = {
  'in/good.jsonl': '{"id":"tx_1","amount":100.50,"status":"approved"}\n{"id":"tx_2","amount":1,"status":"declined"}\n',
  'in/cut.json': '[{"id":"tx_3","amount":2,"status":"approved"},{"id":"tx_',
};

beforeAll(async () => {
  useSettings(s3.environment);
  await s3.makeBucket('raw-events');
  const { store } = await openObjects('s3://raw-events/');
  for (const [key, text] of Object.entries(FILES)) {
    await writeFile(home.beside('object'), text);
    const transfer = { signal: new AbortController().signal, onBytes: () => undefined };
    await store.upload(home.beside('object'), key, transfer);
  }
  store.close();
});

const payments = (bucket: string) =>
  run(home.path, ['start-workflow', 'payments', '--env=dev', '--json'], {
    env: { ...s3.environment, S3_BUCKET_NAME: bucket, S3_PREFIX: 'in/', RUN_ONCE: 'true' },
  });

test('files of a bucket are loaded; one that is cut short fails the run and is named', async () => {
  const drained = await payments('raw-events');
  expect(drained.exitCode, drained.stderr).toBe(1);
  const receipt = receiptOf(drained.stdout);
  expect(receipt).toMatchObject({
    run: { outcome: 'failed' },
    error: { type: 'SourceCorrupt' },
    accounted: true,
  });
  expect(receipt.sources).toMatchObject([
    { name: 'raw_files', uri: 's3://raw-events/in/cut.json', error: { type: 'SourceCorrupt' } },
    { name: 'raw_files', uri: 's3://raw-events/in/', files: 1, error: null },
  ]);
  expect(receipt.error?.message).toContain('where: s3://raw-events/in/cut.json:1:');
  const holding = readdirSync(home.path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home.path, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(secret));
  expect(holding).toEqual([]);
});

test('what can be no bucket is told before anything runs', async () => {
  const refused = await payments('My Bucket');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('The setting S3_BUCKET_NAME names no bucket');
});
