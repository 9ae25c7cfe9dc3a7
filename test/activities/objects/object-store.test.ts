import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore, StoredObject, Transfer } from '../../../activities/objects/object-store.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { startGcs, startMoto, startS3, useSettings } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const never = new AbortController().signal;
const quiet: Transfer = { onBytes: () => undefined, signal: never };

/** One server at a time answers to the environment: each suite opens its stores under its own. */
const servers = [
  { name: 'S3', scheme: 's3', server: await startS3() },
  { name: 'S3 of moto', scheme: 's3', server: await startMoto() },
  { name: 'Google Cloud Storage', scheme: 'gs', server: await startGcs() },
];

describe.each(servers)('$name', ({ scheme, server }) => {
  let store: ObjectStore;
  beforeAll(async () => {
    useSettings(server.environment);
    await server.makeBucket('acequia-contract');
    ({ store } = await openObjects(`${scheme}://acequia-contract/`));
  });
  afterAll(() => store.close());

  const listed = async (prefix: string): Promise<StoredObject[]> => {
    const found = [];
    for await (const object of store.list(prefix, never)) found.push(object);
    return found;
  };
  const put = async (key: string, text: string): Promise<StoredObject> => {
    const written = await store.write(key, text, never);
    if (!written) throw new Error('not written');
    return written;
  };

  test('what is written is found, listed and read; what is not there is not', async () => {
    const written = await put('small/one.txt', 'ñandú €');
    expect(written).toMatchObject({ key: 'small/one.txt', bytes: 11 });
    const found = await store.find('small/one.txt', never);
    expect(found).toMatchObject({ key: 'small/one.txt', bytes: 11, version: written.version });
    expect(Math.abs(Date.now() - (found?.writtenMs ?? 0))).toBeLessThan(60_000);
    expect(await listed('small/')).toEqual([found]);
    expect(await store.read('small/one.txt', never)).toEqual({ text: 'ñandú €', version: written.version });
    expect(await store.find('small/two.txt', never)).toBeUndefined();
    expect(await store.read('small/two.txt', never)).toBeUndefined();
    expect(await listed('small/two')).toEqual([]);
  });

  test('keys are as they are: spaces, signs that mean something elsewhere, any script', async () => {
    const keys = [
      'odd/a b.csv',
      'odd/100%.csv',
      'odd/%20.csv',
      'odd/a+b.csv',
      'odd/#1?x=2&y.csv',
      "odd/it's (1)!*.csv",
      'odd/año/日本/😀.csv',
      'odd/\u00e9.csv',
      'odd/e\u0301.csv',
      'odd/k=v/part.csv',
      'odd/<&>".csv',
    ];
    for (const key of keys) await put(key, key);
    expect((await listed('odd/')).map(({ key }) => key).sort()).toEqual([...keys].sort());
    const folder = await temporaryFolder();
    for (const [index, key] of keys.entries()) {
      const path = join(folder, String(index));
      const found = await store.find(key, never);
      await store.download(found!, path, quiet);
      expect(await readFile(path, 'utf8')).toBe(key);
      expect(await store.touch(key, never)).toBe(true);
      expect(await store.remove(key, never)).toBe(true);
    }
    expect(await listed('odd/')).toEqual([]);
  });

  const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

  test('a large file goes over and comes back byte by byte, an empty one as well', async () => {
    const folder = await temporaryFolder();
    for (const bytes of [randomBytes(20 * 1024 * 1024 + 7), Buffer.alloc(0)]) {
      const from = join(folder, `${bytes.length}.bin`);
      await writeFile(from, bytes);
      const heard: number[] = [];
      const transfer = { signal: never, onBytes: (sum: number) => heard.push(sum) };
      const uploaded = await store.upload(from, 'large/x.bin', transfer, undefined, digest(bytes));
      expect(uploaded).toMatchObject({ key: 'large/x.bin', bytes: bytes.length });
      expect(heard.at(-1) ?? 0).toBe(bytes.length);
      expect(await store.find('large/x.bin', never)).toMatchObject({
        ...{ version: uploaded?.version, bytes: bytes.length, digest: digest(bytes) },
      });
      await store.download(uploaded!, `${from}.back`, quiet);
      expect(digest(await readFile(`${from}.back`))).toBe(digest(bytes));
    }
  });

  test('a condition that does not hold writes nothing and says so', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'x'), 'from a file');
    const first = await store.write('condition/a', 'one', never, 'absent');
    expect(first).toBeDefined();
    expect(await store.write('condition/a', 'two', never, 'absent')).toBeUndefined();
    expect(await store.upload(join(folder, 'x'), 'condition/a', quiet, 'absent')).toBeUndefined();
    const second = await store.write('condition/a', 'two', never, first);
    expect(second).toBeDefined();
    expect(await store.write('condition/a', 'three', never, first)).toBeUndefined();
    expect(await store.upload(join(folder, 'x'), 'condition/a', quiet, first)).toBeUndefined();
    expect((await store.read('condition/a', never))?.text).toBe('two');
    expect(await store.write('condition/none', 'x', never, first)).toBeUndefined();
    expect(await store.upload(join(folder, 'x'), 'condition/a', quiet, second)).toBeDefined();
    expect((await store.read('condition/a', never))?.text).toBe('from a file');
  });

  test('of several who write at once on a condition, one wins', async () => {
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) => store.write('race/absent', text, never, 'absent').catch(() => undefined)),
    );
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  test('a large upload on a condition that fails at the end leaves what was there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'x'), randomBytes(17 << 20));
    await put('condition/large', 'first');
    expect(await store.upload(join(folder, 'x'), 'condition/large', quiet, 'absent')).toBeUndefined();
    expect((await store.read('condition/large', never))?.text).toBe('first');
    expect(await store.upload(join(folder, 'x'), 'condition/large-new', quiet, 'absent')).toBeDefined();
  });

  test('a version that another has replaced is not downloaded, nor removed', async () => {
    const folder = await temporaryFolder();
    const old = await put('changing/a', 'old');
    await put('changing/a', 'newer');
    await expect(store.download(old, join(folder, 'a'), quiet)).rejects.toMatchObject({ type: 'SourceChanging' });
    expect(existsSync(join(folder, 'a'))).toBe(false);
    expect(await store.remove('changing/a', never, old.version)).toBe(false);
    const now = await store.find('changing/a', never);
    expect(await store.remove('changing/a', never, now?.version)).toBe(true);
    expect(await store.remove('changing/a', never)).toBe(false);
    await expect(store.download(old, join(folder, 'a'), quiet)).rejects.toMatchObject({ type: 'SourceMissing' });
  });

  test('a touched object counts as written now, with the same bytes', async () => {
    const written = await put('touched/a', 'same');
    const before = (await store.find('touched/a', never))!.writtenMs;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await store.touch('touched/a', never)).toBe(true);
    const after = (await store.find('touched/a', never))!;
    expect(after.writtenMs).toBeGreaterThan(before);
    expect(after.bytes).toBe(written.bytes);
    expect((await store.read('touched/a', never))?.text).toBe('same');
    expect(await store.touch('touched/none', never)).toBe(false);
  });

  test('more than a page is listed whole, by key', async () => {
    const keys = Array.from({ length: 1003 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => store.write(key, '', never)));
    expect((await listed('many/')).map(({ key }) => key)).toEqual(keys);
    expect((await listed('many/100')).map(({ key }) => key)).toEqual(['many/1000', 'many/1001', 'many/1002']);
  });

  test('what is stopped stops, and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'x');
    await writeFile(path, randomBytes(40 << 20));
    const stop = new AbortController();
    const upload = store.upload(path, 'stopped/a', {
      signal: stop.signal,
      onBytes: () => stop.abort(new Error('stopped by hand')),
    });
    await expect(upload).rejects.toThrow('stopped by hand');
    expect(await listed('stopped/')).toEqual([]);
    await store.upload(path, 'stopped/b', quiet);
    const again = new AbortController();
    const download = store.download((await store.find('stopped/b', never))!, join(folder, 'back'), {
      signal: again.signal,
      onBytes: () => again.abort(new Error('stopped by hand')),
    });
    await expect(download).rejects.toThrow('stopped by hand');
    expect(existsSync(join(folder, 'back'))).toBe(false);
    await expect(store.find('stopped/b', again.signal)).rejects.toThrow('stopped by hand');
  });

  test('a bucket that is not there is named, with what to do', async () => {
    const { store: none } = await openObjects(`${scheme}://acequia-none/x.csv`);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'x'), 'x');
    const problem = {
      type: 'BucketMissing',
      where: expect.stringMatching(`^${scheme}://acequia-none/`) as string,
    };
    await expect(none.list('', never)[Symbol.asyncIterator]().next()).rejects.toMatchObject(problem);
    await expect(none.write('x', 'x', never)).rejects.toMatchObject(problem);
    await expect(none.upload(join(folder, 'x'), 'x', quiet)).rejects.toMatchObject(problem);
    none.close();
  });
});
