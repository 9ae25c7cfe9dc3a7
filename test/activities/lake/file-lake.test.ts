import { createHash } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openLake } from '../../../activities/lake/lake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const nothing = (): void => undefined;
const never = new AbortController().signal;

async function newLake() {
  const folder = await temporaryFolder();
  return { folder, lake: openLake(`file://${folder}/a lake`) };
}

test('bytes land under their digest, once', async () => {
  const { folder, lake } = await newLake();
  const file = join(folder, 'file.csv');
  const bytes = Buffer.from('a,b\n1,2\n'.repeat(100_000));
  await writeFile(file, bytes);
  const first = await lake.land(file, nothing, never);
  const second = await lake.land(file, nothing, never);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const uri = lake.uriOf(`landing/sha256/${digest.slice(0, 2)}/${digest}`);
  expect(first.landed).toEqual({ uri, bytes: bytes.length, digest });
  // Until it is kept it can be read, but nobody finds it.
  expect((await readFile(first.path)).equals(bytes)).toBe(true);
  expect(await lake.has('landing')).toBe(false);
  await first.keep();
  expect((await readFile(fileURLToPath(uri))).equals(bytes)).toBe(true);
  await second.keep();
  const third = await lake.land(file, nothing, never);
  expect(third.landed).toEqual(first.landed);
  expect(third.path).toBe(fileURLToPath(uri));
  // What is kept does not go.
  for (const landing of [first, second, third]) await landing.drop();
  await third.keep();
  expect((await readFile(fileURLToPath(uri))).equals(bytes)).toBe(true);
  expect(await readdir(join(folder, 'a lake', 'incoming'))).toEqual([]);
});

test('a full disk is told as such', async () => {
  const { lake } = await newLake();
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  await expect(lake.write('x', () => Promise.reject(full))).rejects.toMatchObject({ type: 'DiskFull' });
});

test('what is neither a folder nor a place in a bucket is refused', () => {
  expect(() => openLake('ftp://bucket/lake')).toThrow(/a folder, or a prefix of a bucket/);
});

test('everything below a folder is listed, the newest first, and what is half-written is not among it', async () => {
  const { folder, lake } = await newLake();
  expect(await lake.list('receipts')).toEqual([]);
  const written = [
    ['receipts/b/2.json', 100],
    ['receipts/a/1.json', 300],
    ['receipts/a/deep/3.json', 200],
    ['other/4.json', 400],
  ] as const;
  for (const [key, second] of written) {
    await lake.writeText(key, key);
    await utimes(join(folder, 'a lake', key), second, second);
  }
  expect(await lake.list('receipts')).toEqual([
    { key: 'receipts/a/1.json', bytes: 17, writtenMs: 300_000 },
    { key: 'receipts/a/deep/3.json', bytes: 22, writtenMs: 200_000 },
    { key: 'receipts/b/2.json', bytes: 17, writtenMs: 100_000 },
  ]);
});

test('what is old is removed with the folders it leaves empty; what was claimed since stays', async () => {
  const { folder, lake } = await newLake();
  const keys = ['staging/a/b/old', 'staging/a/new', 'models/old'];
  for (const key of keys) {
    await lake.writeText(key, key);
    await utimes(join(folder, 'a lake', key), 100, 100);
  }
  expect(await lake.claim('staging/a/new')).toBe(true);
  expect(await lake.claim('staging/a/none')).toBe(false);
  const removed = [];
  for (const key of [...keys, 'staging/a/none']) removed.push(await lake.remove(key, 200_000));
  expect(removed).toEqual([true, false, true, false]);
  expect(await Promise.all(keys.map((key) => lake.has(key)))).toEqual([false, true, false]);
  // The folder of a part itself stays, whatever is written there next.
  expect((await readdir(join(folder, 'a lake'), { recursive: true })).sort()).toEqual([
    'incoming',
    'models',
    'staging',
    'staging/a',
    'staging/a/new',
  ]);
});

test('a folder that is removed as empty while a file is put there is made anew', async () => {
  const { lake } = await newLake();
  await lake.writeText('staging/a/b/first', '');
  const writes = Array.from({ length: 40 }, async (_, index) => {
    await lake.writeText(`staging/a/b/${index}`, '');
    await lake.remove(`staging/a/b/${index}`, Number.POSITIVE_INFINITY);
  });
  await lake.remove('staging/a/b/first', Number.POSITIVE_INFINITY);
  await Promise.all(writes);
  expect(await lake.list('staging')).toEqual([]);
});

test('bytes that land again count as written now', async () => {
  const { folder, lake } = await newLake();
  const file = join(folder, 'file.csv');
  await writeFile(file, 'a\n1\n');
  const first = await lake.land(file, nothing, never);
  await first.keep();
  await utimes(fileURLToPath(first.landed.uri), 100, 100);
  await (await lake.land(file, nothing, never)).keep();
  expect((await lake.list('landing'))[0]?.writtenMs).toBeGreaterThan(200_000);
});
