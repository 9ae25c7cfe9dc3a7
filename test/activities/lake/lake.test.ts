import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withinObjectScope } from '../../../activities/objects/copies/object-scope.ts';
import { openLake, type Lake } from '../../../activities/lake/lake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { everyLake } from './lakes.ts';

const nothing = (): void => undefined;
const never = new AbortController().signal;
const textOf = async (lake: Lake, uri: string): Promise<string> => readFile(await lake.local(uri), 'utf8');

/** Long before, and long after any test. */
const [PAST, FUTURE] = [0, Date.now() + 86_400_000];

describe.each(await everyLake())('$name', ({ open }) => {
  test('bytes land under their digest, once, and are there when they are kept', async () => {
    const { lake, leftovers } = await open();
    const file = join(await temporaryFolder(), 'file.csv');
    const bytes = Buffer.from('a,b\n1,2\n'.repeat(100_000));
    await writeFile(file, bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const key = `landing/sha256/${digest.slice(0, 2)}/${digest}`;
    await withinObjectScope(never, async () => {
      const first = await lake.land(file, nothing, never);
      const second = await lake.land(file, nothing, never);
      expect(first.landed).toEqual({ uri: lake.uriOf(key), bytes: bytes.length, digest });
      // Until it is kept it can be read, but nobody finds it.
      expect((await readFile(first.path)).equals(bytes)).toBe(true);
      expect(await lake.has(key)).toBe(false);
      await first.keep();
      await second.keep();
      const third = await lake.land(file, nothing, never);
      expect(third.landed).toEqual(first.landed);
      // What is kept does not go.
      for (const landing of [first, second, third]) await landing.drop();
      expect((await readFile(await lake.local(first.landed.uri))).equals(bytes)).toBe(true);
    });
    expect((await lake.list('landing')).map((stored) => stored.key)).toEqual([key]);
    expect(await leftovers()).toEqual([]);
  });

  test('a landing that is dropped leaves nothing', async () => {
    const { lake, leftovers } = await open();
    const file = join(await temporaryFolder(), 'file.csv');
    await writeFile(file, 'a\n1\n');
    await (await lake.land(file, nothing, never)).drop();
    expect(await leftovers()).toEqual([]);
    expect(await lake.list('landing')).toEqual([]);
  });

  test('landing that is cancelled leaves nothing', async () => {
    const { lake, leftovers } = await open();
    const file = join(await temporaryFolder(), 'file.csv');
    await writeFile(file, Buffer.alloc(8 << 20));
    const cancel = new AbortController();
    await expect(lake.land(file, () => cancel.abort(), cancel.signal)).rejects.toThrow();
    expect(await leftovers()).toEqual([]);
    expect(await lake.list('landing')).toEqual([]);
  });

  test('a write that fails leaves nothing, and what was there before stays', async () => {
    const { lake, leftovers } = await open();
    await lake.writeText('reports/x.json', 'before');
    const failing = lake.write('reports/x.json', async (path) => {
      await writeFile(path, 'half');
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    expect(await lake.readText(lake.uriOf('reports/x.json'))).toBe('before');
    expect(await leftovers()).toEqual([]);
  });

  test('what is written anew under its key is what is read from then on', async () => {
    const { lake } = await open();
    const uri = await lake.write('staging/x', (path) => writeFile(path, 'one'));
    const before = await withinObjectScope(never, () => textOf(lake, uri));
    await lake.write('staging/x', (path) => writeFile(path, 'two'));
    expect([before, await textOf(lake, uri), await lake.readText(uri)]).toEqual(['one', 'two', 'two']);
  });

  test('a name is kept as it is, whatever its characters', async () => {
    const { lake } = await open();
    const key = 'staging/a b%20+ñ/daily=1,2/#part.parquet';
    const uri = await lake.writeText(key, 'there');
    expect(uri).toBe(lake.uriOf(key));
    expect([await textOf(lake, uri), await lake.holds(uri), await lake.has(key)]).toEqual(['there', true, true]);
    expect((await lake.list('staging')).map((stored) => stored.key)).toEqual([key]);
    expect(decodeURIComponent(uri.slice(lake.uri.length + 1))).toBe(key);
  });

  test('everything below a folder is listed with its size, and nothing of another that begins alike', async () => {
    const { lake } = await open();
    expect(await lake.list('receipts')).toEqual([]);
    for (const key of ['receipts/b/2.json', 'receipts/a/deep/3.json', 'receiptsx/4.json'])
      await lake.writeText(key, key);
    const listed = await lake.list('receipts');
    expect(listed.map(({ key, bytes }) => [key, bytes]).sort()).toEqual([
      ['receipts/a/deep/3.json', 22],
      ['receipts/b/2.json', 17],
    ]);
    const times = listed.map(({ writtenMs }) => writtenMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const walked: string[] = [];
    for await (const { key } of lake.walk('.')) walked.push(key);
    expect(walked).toHaveLength(3);
  });

  test('what is old is removed; what was claimed since stays', async () => {
    const { lake } = await open();
    for (const key of ['staging/old', 'staging/claimed']) await lake.writeText(key, key);
    // Times of some services are of whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const since = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect([await lake.claim('staging/claimed'), await lake.claim('staging/none')]).toEqual([true, false]);
    const removed = [];
    for (const key of ['staging/old', 'staging/claimed', 'staging/none']) removed.push(await lake.remove(key, since));
    expect(removed).toEqual([true, false, false]);
    expect([await lake.has('staging/old'), await lake.has('staging/claimed')]).toEqual([false, true]);
    expect(await lake.remove('staging/claimed', PAST)).toBe(false);
    expect(await lake.remove('staging/claimed', FUTURE)).toBe(true);
  });

  test('a folder is removed with all that is in it, and no other', async () => {
    const { lake } = await open();
    for (const key of ['incoming/x.part/a', 'incoming/x.part/b/c', 'incoming/x.partly']) await lake.writeText(key, key);
    await lake.removeFolder('incoming/x.part');
    expect((await lake.list('incoming')).map(({ key }) => key)).toEqual(['incoming/x.partly']);
  });

  test('what a lake within a lake names is read by both', async () => {
    const { lake } = await open();
    const uri = await lake.writeText('landing/x', 'there');
    const inner = openLake(lake.uriOf('incoming/replay.part'));
    expect([await inner.readText(uri), await inner.holds(uri), await textOf(inner, uri)]).toEqual([
      'there',
      true,
      'there',
    ]);
    const own = await inner.writeText('landed/x', 'mine');
    expect(await lake.readText(own)).toBe('mine');
  });

  test('what is read on this machine is for its user alone', async () => {
    const { lake } = await open();
    const uri = await lake.writeText('models/x', 'there');
    const path = await lake.local(uri);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });
});
