import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { startFakeProxy } from '../../support/fake-proxy.ts';
import { startS3, useSettings } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { ingestFiles } from './ingest-files.ts';

const s3 = await startS3();
/** Parts of requests that are answered by the fake alone. */
let refuse = 'nothing';
const proxy = await startFakeProxy(s3.url, (request) =>
  request.includes(refuse)
    ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' }
    : 'pass',
);

const FILES: Readonly<Record<string, Buffer>> = {
  'one.csv': Buffer.from('id,name\n1,ñ\n2,b\n'),
  'two words+%.csv': Buffer.from('id,name\n3,c\n'),
  'deep/three.csv.gz': gzipSync('id,name\n4,d\n'),
  '_work.csv': Buffer.from('id,name\n9,z\n'),
};

const signal = new AbortController().signal;

async function put(prefix: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const folder = await temporaryFolder();
  const { store } = await openObjects('s3://shop/');
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, 'x'), bytes);
    await store.upload(join(folder, 'x'), `${prefix}/${name}`, { signal, onBytes: () => undefined });
  }
  store.close();
}

beforeAll(async () => {
  useSettings({ ...s3.environment, AWS_ENDPOINT_URL_S3: proxy.url });
  await s3.makeBucket('shop');
});

test('files of a bucket become what the same files of a disk become', async () => {
  await put('in', FILES);
  const columns = { id: 'integer!', name: 'text' };
  const onDisk = await ingestFiles(await temporaryFolder(), FILES, columns);
  const work = quietWork();
  const inBucket = await ingestFiles(await temporaryFolder(), {}, columns, { path: 's3://shop/in' }, { work });
  expect(inBucket.result.uri).toBe('s3://shop/in');
  expect(inBucket.result.digest).toBe(onDisk.result.digest);
  expect(inBucket.tables).toEqual(onDisk.tables);
  expect(inBucket.result.files).toBe(3);
  const down = work.reports.filter(({ step }) => step === 'downloading').at(-1);
  expect(down).toEqual({ step: 'downloading', bytes: onDisk.result.bytes, totalBytes: onDisk.result.bytes });
});

test('an object that is refused, empty, spoilt or may not be read is parked and named; the others go on', async () => {
  const spoilt = Buffer.concat([gzipSync('id,name\n7,g\n').subarray(0, 20)]);
  await put('some', {
    ...FILES,
    'empty.csv': Buffer.alloc(0),
    'spoilt.csv.gz': spoilt,
    'secret.csv': FILES['one.csv']!,
  });
  refuse = 'GET /shop/some/secret.csv';
  const { result, tables } = await ingestFiles(
    await temporaryFolder(),
    {},
    { id: 'integer!', name: 'text' },
    { path: 's3://shop/some/**/*' },
  );
  refuse = 'nothing';
  expect(Object.values(tables)[0]).toHaveLength(4);
  expect(result.parked.map(({ name, error }) => [name, error.type]).sort()).toEqual([
    ['empty.csv', 'SourceEmpty'],
    ['secret.csv', 'BucketDenied'],
    ['spoilt.csv.gz', 'SourceCorrupt'],
  ]);
});

test('a place that may not be listed fails the source', async () => {
  refuse = 'GET /shop';
  const ingesting = ingestFiles(await temporaryFolder(), {}, { id: 'integer!' }, { path: 's3://shop/in/' });
  await expect(ingesting).rejects.toMatchObject({ type: 'BucketDenied', where: 's3://shop/in/' });
  refuse = 'nothing';
});

test('what is stopped while it comes down leaves nothing', async () => {
  await mkdir(await temporaryFolder(), { recursive: true });
  await put('in', FILES);
  const stop = new AbortController();
  const work = quietWork(stop.signal);
  const stopping = { ...work, report: () => stop.abort(new Error('stopped by hand')) };
  const ingesting = ingestFiles(
    await temporaryFolder(),
    {},
    { id: 'integer!' },
    { path: 's3://shop/in' },
    { work: stopping },
  );
  await expect(ingesting).rejects.toThrow('stopped by hand');
});
