import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { openLake, type Lake } from '../../../activities/lake/lake.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { uploadFiles } from '../../../activities/upload/upload-files.ts';
import type { UploadedFile, UploadRequest } from '../../../workflows/upload.ts';
import { startGcs, startS3, useSettings } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const [s3, gcs] = [await startS3(), await startGcs()];
const signal = new AbortController().signal;

beforeAll(async () => {
  useSettings({ ...s3.environment, ...gcs.environment });
  await s3.makeBucket('shop');
  await gcs.makeBucket('shop');
});

const RUN = {
  ...{ pipeline: 'sales', environment: 'dev', workflowId: 'sales-dev', runId: 'r1', rootRunId: 'r1' },
  startedAt: '2026-01-01T00:00:00Z',
};

interface Asked {
  readonly lake: Lake;
  readonly database: string;
  readonly request: UploadRequest;
}

/** A run that has published one database, made one table, and read a file, an archive and a correction. */
async function published(to: string): Promise<Asked> {
  const folder = await temporaryFolder();
  const lake = openLake(pathToFileURL(join(folder, 'lake')).href);
  const database = join(folder, 'empresa.db');
  await writeFile(database, 'a database');
  const table = await lake.writeText('models/ventas.parquet', 'rows');
  const files = [];
  for (const [name, compression] of [
    ['deep/ventas 1+%.csv', 'none'],
    ['all.zip!a.csv', 'zip'],
    ['all.zip!b.csv', 'zip'],
    ['fix.csv', 'none'],
  ] as const) {
    const bytes = compression === 'zip' ? 'archive' : name;
    const digest = createHash('sha256').update(bytes).digest('hex');
    await lake.writeText(`landing/sha256/${digest.slice(0, 2)}/${digest}`, bytes);
    files.push({ name, compression, digest });
  }
  const report = await lake.writeText('staging/ventas/source.json', JSON.stringify({ files }));
  return {
    ...{ lake, database },
    request: {
      ...{ run: RUN, lake: lake.uri, to },
      files: [{ name: 'empresa.db', path: database }],
      tables: [{ name: 'ventas', uris: [table] }],
      inputs: [{ source: 'ventas', report, corrections: ['/fixes/fix.csv'] }],
    },
  };
}

async function listed({ lake }: Asked, uri: string): Promise<UploadedFile[]> {
  return JSON.parse(await lake.readText(uri)) as UploadedFile[];
}

describe.each(['s3://shop/out/', 'gs://shop/'])('to %s', (to) => {
  test('everything goes over once; run again, nothing does; what was changed goes again', async () => {
    const asked = await published(to);
    const first = await uploadFiles(asked.request, quietWork());
    expect(first).toMatchObject({ files: 5, sent: 5 });
    const objects = await listed(asked, first.list);
    expect(objects.map(({ name }) => name)).toEqual([
      'empresa.db',
      'tables/ventas.parquet',
      'inputs/ventas/deep/ventas 1+%.csv',
      'inputs/ventas/all.zip',
      'inputs/ventas/corrections/fix.csv',
    ]);
    expect(objects[0]).toEqual({
      ...{ name: 'empresa.db', uri: `${to}empresa.db`, bytes: 10, sent: true },
      digest: createHash('sha256').update('a database').digest('hex'),
    });
    const { store, key } = await openObjects(objects[2]!.uri);
    expect((await store.read(key, signal))?.text).toBe('deep/ventas 1+%.csv');

    const again = await uploadFiles(asked.request, quietWork());
    expect(again).toMatchObject({ files: 5, sent: 0, bytes: 0 });
    expect((await listed(asked, again.list)).map(({ digest }) => digest)).toEqual(objects.map(({ digest }) => digest));

    appendFileSync(asked.database, ' with more');
    // Somebody else has put something in the place of another.
    await store.write(key, 'something', signal);
    const changed = await uploadFiles(asked.request, quietWork());
    expect(changed).toMatchObject({ files: 5, sent: 2 });
    expect((await store.read(key, signal))?.text).toBe('deep/ventas 1+%.csv');
    store.close();
  });
});

test('a bucket that is not there fails at once, and says what to do', async () => {
  const { request } = await published('s3://nowhere/');
  await expect(uploadFiles(request, quietWork())).rejects.toMatchObject({
    type: 'BucketMissing',
    where: expect.stringMatching(/^s3:\/\/nowhere\//) as string,
  });
});

test('a database that somebody changes while it is copied is tried again', async () => {
  const { request, database } = await published('s3://shop/changing/');
  const writer = setInterval(() => appendFileSync(database, 'x'.repeat(1 << 16)), 0);
  await writeFile(database, Buffer.alloc(64 << 20));
  await expect(uploadFiles(request, quietWork())).rejects.toMatchObject({ type: 'SourceChanging' });
  clearInterval(writer);
});

test('what is stopped stops; tried again, it sends what is missing', async () => {
  const { request } = await published('s3://shop/stopped/');
  const stop = new AbortController();
  let reports = 0;
  const report = (): void => {
    reports += 1;
    if (reports === 4) stop.abort(new Error('stopped by hand'));
  };
  await expect(uploadFiles(request, { ...quietWork(stop.signal), report })).rejects.toThrow('stopped by hand');
  const { store } = await openObjects('s3://shop/');
  const there: string[] = [];
  for await (const { key } of store.list('stopped/', signal)) there.push(key);
  store.close();
  expect(there.length).toBeGreaterThan(0);
  expect(await uploadFiles(request, quietWork())).toMatchObject({ files: 5, sent: 5 - there.length });
});
