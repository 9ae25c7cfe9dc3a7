import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ObjectStore, Transfer } from '../../../activities/objects/object-store.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { touchObject } from '../../../activities/objects/s3/touch.ts';
import { startFakeProxy, type Meddling } from '../../support/fake-proxy.ts';
import { freePort } from '../../support/free-port.ts';
import { startGcs, startS3, useSettings } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const never = new AbortController().signal;
const quiet: Transfer = { onBytes: () => undefined, signal: never };
const s3 = await startS3();
const gcs = await startGcs();
await s3.makeBucket('acequia-trouble');
await gcs.makeBucket('acequia-trouble');

/** What the next requests meet; after those, nothing in the way. */
let ahead: Meddling[] = [];
const meddle = (): Meddling => ahead.shift() ?? 'pass';
const [s3Proxy, gcsProxy] = [await startFakeProxy(s3.url, meddle), await startFakeProxy(gcs.url, meddle)];

beforeEach(() => {
  ahead = [];
  useSettings({ ...s3.environment, ...gcs.environment });
});

const open = async (root: string): Promise<ObjectStore> => (await openObjects(`${root}/`)).store;

function slowDown(root: string): Meddling {
  return root.startsWith('s3')
    ? { status: 503, body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>' }
    : { status: 429, body: JSON.stringify({ error: { code: 429, message: 'rateLimitExceeded' } }) };
}

describe.each([
  ['s3://acequia-trouble', { AWS_ENDPOINT_URL_S3: s3Proxy.url }],
  ['gs://acequia-trouble', { STORAGE_EMULATOR_HOST: gcsProxy.url }],
])('%s', (root, throughProxy) => {
  test('asked to slow down, it waits and tries again', async () => {
    useSettings({ ...s3.environment, ...throughProxy });
    const store = await open(root);
    ahead = [slowDown(root), slowDown(root)];
    expect(await store.read('none', never)).toBeUndefined();
    expect(ahead).toEqual([]);
  });

  test('rights that are missing are said, and that trying again is of no use', async () => {
    useSettings({ ...s3.environment, ...throughProxy });
    const store = await open(root);
    const denied = root.startsWith('s3')
      ? '<Error><Code>AccessDenied</Code><Message>no</Message></Error>'
      : JSON.stringify({
          error: { code: 403, message: 'someone@example.com does not have storage.objects.get access' },
        });
    ahead = [{ status: 403, body: denied }];
    const refused = store.write('x', 'x', never);
    await expect(refused).rejects.toMatchObject({ type: 'BucketDenied', where: `${root}/x` });
    await expect(refused).rejects.not.toThrow(/someone@example/);
  });

  test('bytes that another has spoilt on the way are not taken', async () => {
    const direct = await open(root);
    const written = await direct.write('spoilt', 'a,b\n1,2\n', never);
    useSettings({ ...s3.environment, ...throughProxy });
    const store = await open(root);
    const path = join(await temporaryFolder(), 'back');
    ahead = root.startsWith('s3') ? ['spoil'] : ['pass', 'spoil'];
    await expect(store.download(written!, path, quiet)).rejects.toMatchObject({ type: 'BucketUnreachable' });
    expect(existsSync(path)).toBe(false);
    await store.download(written!, path, quiet);
    expect(await readFile(path, 'utf8')).toBe('a,b\n1,2\n');
  });
});

test('S3 that goes on asking to slow down is busy, which a run waits for', async () => {
  useSettings({ ...s3.environment, AWS_ENDPOINT_URL_S3: s3Proxy.url, AWS_MAX_ATTEMPTS: '2' });
  const store = await open('s3://acequia-trouble');
  ahead = [slowDown('s3'), slowDown('s3')];
  await expect(store.write('x', 'x', never)).rejects.toMatchObject({ type: 'BucketBusy' });
});

test('S3 that nobody answers for is unreachable', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  useSettings({ ...s3.environment, AWS_ENDPOINT_URL_S3: nobody, AWS_MAX_ATTEMPTS: '1' });
  const store = await open('s3://acequia-trouble');
  await expect(store.find('x', never)).rejects.toMatchObject({
    type: 'BucketUnreachable',
    why: 'the code is ECONNREFUSED',
  });
});

test.each<[string, Record<string, string | undefined>, string, RegExp]>([
  ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong-marker' }, 'BucketDenied', /SignatureDoesNotMatch/],
  ['a wrong key', { AWS_ACCESS_KEY_ID: 'AKIAWRONG' }, 'BucketDenied', /with these credentials/],
  ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, 'BucketDenied', /There are no credentials/],
  ['no region', { AWS_REGION: undefined }, 'SettingMissing', /AWS_REGION/],
])('with %s S3 says so, and no secret', async (_case, settings, type, words) => {
  useSettings({ ...s3.environment, ...settings });
  const store = await open('s3://acequia-trouble');
  const refused = store.list('', never)[Symbol.asyncIterator]().next();
  await expect(refused).rejects.toMatchObject({ type, message: expect.stringMatching(words) as string });
  await expect(refused).rejects.not.toThrow(new RegExp(`wrong-marker|${s3.environment.AWS_SECRET_ACCESS_KEY}`));
});

test.each<[string, string | undefined]>([
  ['that is not there', undefined],
  ['that is no JSON', 'marker-secret, not JSON'],
  [
    'without a key',
    JSON.stringify({
      type: 'service_account',
      client_email: 'a@b',
      private_key_id: 'marker-secret',
    }),
  ],
])('a file of credentials %s is told, and nothing of what is in it', async (_case, text) => {
  const file = join(await temporaryFolder(), 'key.json');
  if (text !== undefined) await writeFile(file, text);
  useSettings({ GOOGLE_APPLICATION_CREDENTIALS: file });
  const store = await open('gs://acequia-trouble');
  for (const asked of [store.list('', never)[Symbol.asyncIterator]().next(), store.write('x', 'x', never)]) {
    await expect(asked).rejects.toMatchObject({
      type: 'BucketDenied',
      what: expect.stringContaining('no credentials for Google Cloud Storage') as string,
    });
    await expect(asked).rejects.not.toThrow(/marker/i);
  }
});

describe('parts of uploads', () => {
  const client = (): S3Client => new S3Client({ forcePathStyle: true });
  const uploadsOf = async (key: string): Promise<number> => {
    const command = new ListMultipartUploadsCommand({ Bucket: 'acequia-trouble', Prefix: key });
    return (await client().send(command)).Uploads?.length ?? 0;
  };

  test('an upload that is stopped takes its parts away', async () => {
    const path = join(await temporaryFolder(), 'x');
    await writeFile(path, randomBytes(30 << 20));
    const stop = new AbortController();
    let uploads = 0;
    const onBytes = (): void => {
      uploads ||= 1;
      stop.abort(new Error('stopped by hand'));
    };
    const store = await open('s3://acequia-trouble');
    await expect(store.upload(path, 'parts/stopped', { onBytes, signal: stop.signal })).rejects.toThrow('by hand');
    expect([uploads, await uploadsOf('parts/stopped')]).toEqual([1, 0]);
  });

  test('those of an upload that was killed go with the next of the same key', async () => {
    const place = { Bucket: 'acequia-trouble', Key: 'parts/killed' };
    const { UploadId } = await client().send(new CreateMultipartUploadCommand(place));
    await client().send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: randomBytes(5 << 20) }));
    expect(await uploadsOf(place.Key)).toBe(1);
    const path = join(await temporaryFolder(), 'x');
    await writeFile(path, randomBytes(17 << 20));
    const store = await open('s3://acequia-trouble');
    await store.upload(path, place.Key, quiet);
    expect(await uploadsOf(place.Key)).toBe(0);
  });

  test('an object too large for one copy is touched in parts', async () => {
    const bytes = randomBytes((11 << 20) + 3);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'x'), bytes);
    const store = await open('s3://acequia-trouble');
    await store.upload(join(folder, 'x'), 'parts/touched', quiet);
    const before = await store.find('parts/touched', never);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await touchObject(client(), 'acequia-trouble', 'parts/touched', never, 6 << 20)).toBe(true);
    const after = await store.find('parts/touched', never);
    expect(after!.writtenMs).toBeGreaterThan(before!.writtenMs);
    await store.download(after!, join(folder, 'back'), quiet);
    expect((await readFile(join(folder, 'back'))).equals(bytes)).toBe(true);
    expect(await uploadsOf('parts/touched')).toBe(0);
  });
});

test.each(['s3:///key.csv', 's3://', 'gs://UPPER case/x', 's3://a/x'])('%s names no bucket', async (url) => {
  await expect(openObjects(url)).rejects.toMatchObject({ type: 'DefinitionInvalid', where: url });
});
