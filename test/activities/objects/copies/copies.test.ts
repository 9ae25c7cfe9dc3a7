import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Copies } from '../../../../activities/objects/copies/copies.ts';
import type { CopiesFolder } from '../../../../activities/objects/copies/copies-folder.ts';
import type { ObjectStore, StoredObject } from '../../../../activities/objects/object-store.ts';
import { openObjects } from '../../../../activities/objects/open-objects.ts';
import { startGcs, startS3 } from '../../../support/object-servers.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

for (const server of [await startS3(), await startGcs()]) {
  Object.assign(process.env, server.environment);
  await server.makeBucket('copied');
}
const { store } = await openObjects('s3://copied');
const { signal } = new AbortController();

async function newPlace(mostBytes = 1e9): Promise<CopiesFolder> {
  const folder = await temporaryFolder();
  return { kept: join(folder, 'kept'), inUse: join(folder, 'in-use'), mostBytes };
}

async function stored(key: string, text: string): Promise<StoredObject> {
  return (await store.write(key, text, signal))!;
}

/** The same store, which counts what is asked of it. */
function counting(own: ObjectStore): { store: ObjectStore; downloads: () => number } {
  let downloads = 0;
  const download: ObjectStore['download'] = (...request) => {
    downloads += 1;
    return own.download(...request);
  };
  return { store: { ...own, download }, downloads: () => downloads };
}

test('a version is fetched once, by whoever needs it first; another version is another copy', async () => {
  const place = await newPlace();
  const counted = counting(store);
  const [one, two] = [new Copies(place), new Copies(place)];
  const first = await stored('a', 'first');
  const paths = [await one.take(counted.store, first, signal), await two.take(counted.store, first, signal)];
  expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['first', 'first']);
  expect(counted.downloads()).toBe(1);
  const second = await stored('a', 'second');
  expect(await readFile(await one.take(counted.store, second, signal), 'utf8')).toBe('second');
  await Promise.all([one.close(), two.close()]);
  expect(await readdir(place.inUse)).toEqual([]);
  expect(await readdir(place.kept)).toHaveLength(2);
});

test('an object that was only touched is not fetched again', async () => {
  const place = await newPlace();
  const gcs = await openObjects('gs://copied');
  await gcs.store.write('touched', 'there', signal);
  const counted = counting(gcs.store);
  const found = (await gcs.store.find('touched', signal))!;
  // The emulator leaves the metageneration as it is; the real one counts it up.
  const touched = { ...found, version: `${found.version}9` };
  const copies = new Copies(place);
  for (const object of [found, touched]) await copies.take(counted.store, object, signal);
  await copies.close();
  expect(counted.downloads()).toBe(1);
});

test('the one that was used last at the end goes first, and never one that is in use', async () => {
  const place = await newPlace(10);
  const held = new Copies(place);
  const heldPath = await held.take(store, await stored('held', 'held'), signal);
  const passing = new Copies(place);
  for (const key of ['b1', 'b2']) await passing.take(store, await stored(key, '123'), signal);
  await passing.close();
  const names = await readdir(place.kept);
  expect(names).toHaveLength(3);
  // The one in use is the oldest, and the first of the others was used after the second.
  const [older] = await byText(place.kept, '123');
  for (const name of names) await utimes(join(place.kept, name), 100, name === older ? 100 : 200);
  const next = new Copies(place);
  await next.take(store, await stored('c', '456'), signal);
  await next.close();
  expect(await readdir(place.kept)).not.toContain(older);
  expect(await readdir(place.kept)).toHaveLength(3);
  expect(await readFile(heldPath, 'utf8')).toBe('held');
  await held.close();
});

test('what is larger than all that may be kept is used all the same', async () => {
  const place = await newPlace(10);
  const copies = new Copies(place);
  const path = await copies.take(store, await stored('large', 'x'.repeat(100)), signal);
  expect(await readFile(path, 'utf8')).toHaveLength(100);
  await copies.close();
  const next = new Copies(place);
  await next.take(store, await stored('small', 'y'), signal);
  await next.close();
  expect(await readdir(place.kept)).toHaveLength(1);
});

test('a copy in use outlives its removal by somebody else', async () => {
  const place = await newPlace();
  const copies = new Copies(place);
  const path = await copies.take(store, await stored('d', 'there'), signal);
  for (const name of await readdir(place.kept)) await rm(join(place.kept, name));
  expect(await readFile(path, 'utf8')).toBe('there');
  await copies.close();
});

test('a download that is cut off leaves nothing, and the next one is whole', async () => {
  const place = await newPlace();
  const object = await stored('e', 'whole');
  const cut: ObjectStore['download'] = async (_, path) => {
    await writeFile(path, 'wh');
    throw new Error('cut off');
  };
  const copies = new Copies(place);
  await expect(copies.take({ ...store, download: cut }, object, signal)).rejects.toThrow('cut off');
  expect(await readdir(place.kept).catch(() => [])).toEqual([]);
  expect(await readFile(await copies.take(store, object, signal), 'utf8')).toBe('whole');
  await copies.close();
});

test('what killed processes have left goes, and that of others stays', async () => {
  const place = await newPlace();
  const host = hostname().replace(/[^A-Za-z0-9.-]/g, '_');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const left = [`${host}~${dead}-x`, `${host}~${process.pid}-y`, `elsewhere~${dead}-z`];
  for (const name of left) await mkdir(join(place.inUse, name), { recursive: true });
  const copies = new Copies(place);
  await copies.take(store, await stored('f', 'there'), signal);
  await copies.close();
  expect((await readdir(place.inUse)).sort()).toEqual(left.slice(1).sort());
});

async function byText(folder: string, text: string): Promise<string[]> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return names.filter((_, index) => texts[index] === text);
}
