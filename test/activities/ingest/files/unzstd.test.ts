import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { Xxh64 } from '../../../../activities/ingest/files/xxh64.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { failing, failureOf } from './failing.ts';
import { unpackBytes } from './unpacked.ts';
import { zstdFrame } from '../written/zstd-frame.ts';

/** By the program `zstd`: with content size and checksum. */
const SMALL = Buffer.from('KLUv/SQIQQAAYSxiCjEsMgo158rO', 'base64');
/** 20,000 times `acequia,1234,ventas`, with -19: several blocks. */
const REPEATED = Buffer.from(
  'KLUv/aSAGgYA5AAAoGFjZXF1aWEsMTIzNCx2ZW50YXMKAQDS/y+fTEQAAAABAP3/l08gRAAAAAEA/f85AAI9AAAAAQB92gMgP/CNDQ==',
  'base64',
);
const EMPTY = Buffer.from('KLUv/SQAAQAAmenYUQ==', 'base64');
const SKIPPABLE = Buffer.from('512a4d180300000000ff00', 'hex');

const unpacked = async (bytes: Uint8Array): Promise<string> => {
  const [[, content] = ['', '']] = await unpackBytes(bytes, 'zstd');
  return String(content);
};

test('XXH64: published values, and the same however the bytes come', () => {
  const sum = (bytes: Buffer, piece: number): string => {
    const hash = new Xxh64();
    for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
    return hash.digest().toString(16);
  };
  expect(sum(Buffer.from(''), 1)).toBe('ef46db3751d8e999');
  expect(sum(Buffer.from('abc'), 2)).toBe('44bc2cf5ad770999');
  expect(sum(Buffer.from('Nobody inspects the spammish repetition'), 7)).toBe('fbcea83c8a378bf1');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 70 }), (bytes, piece) => {
      expect(sum(Buffer.from(bytes), piece)).toBe(sum(Buffer.from(bytes), 1_000));
    }),
  );
});

test('files of the program zstd', async () => {
  expect(await unpacked(SMALL)).toBe('a,b\n1,2\n');
  expect(await unpacked(REPEATED)).toBe('acequia,1234,ventas\n'.repeat(20_000));
  expect(await failureOf(unpackBytes(EMPTY, 'zstd'))).toEqual(failing('SourceEmpty'));
});

test('several frames, empty and skippable ones among them', async () => {
  const frames = [SKIPPABLE, SMALL, EMPTY, SKIPPABLE, REPEATED, SMALL];
  expect(await unpacked(Buffer.concat(frames))).toBe(`a,b\n1,2\n${'acequia,1234,ventas\n'.repeat(20_000)}a,b\n1,2\n`);
});

test('what DuckDB packs', async () => {
  const folder = await temporaryFolder();
  const write = (to: string, compression: string): string =>
    `COPY (SELECT i, hash(i) % 1000 AS h, 'ciudad ' || (i % 77) AS c FROM range(60000) t(i)) TO ${literal(join(folder, to))} (FORMAT csv, COMPRESSION ${compression})`;
  await withSession(undefined, async (session) => {
    await session.run(write('x.zst', 'zstd'));
    await session.run(write('x.csv', 'none'));
  });
  expect(await unpacked(await readFile(join(folder, 'x.zst')))).toBe(await readFile(join(folder, 'x.csv'), 'utf8'));
});

test('stored frames of any bytes; one changed bit anywhere is noticed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      async (text, block, bit) => {
        const frame = zstdFrame(Buffer.from(text), block);
        expect(await unpacked(frame)).toBe(text);
        const changed = Buffer.from(frame);
        changed[Math.floor(bit / 8) % frame.length]! ^= 1 << (bit % 8);
        const result = await failureOf(unpackBytes(changed, 'zstd').then(([first]) => expect(first?.[1]).toBe(text)));
        // The window may be larger than needed, and a frame may become a skippable one.
        if (result !== 'no failure')
          expect(result).toMatchObject({ type: expect.stringMatching(/^Source/) as unknown });
      },
    ),
    { numRuns: 25 },
  );
});

test('one that ends early gives nothing, wherever it ends', async () => {
  const whole = Buffer.concat([SMALL, REPEATED]);
  for (let length = 4; length < whole.length; length += 3) {
    if (length === SMALL.length) continue;
    expect(await failureOf(unpackBytes(whole.subarray(0, length), 'zstd'))).toEqual(failing('SourceCorrupt'));
  }
  // No checksum would show it.
  const bare = zstdFrame(Buffer.from('id\n1\n2\n'), 4, false);
  expect(await unpacked(bare)).toBe('id\n1\n2\n');
  for (let length = 4; length < bare.length; length += 1) {
    expect(await failureOf(unpackBytes(bare.subarray(0, length), 'zstd'))).toEqual(failing('SourceCorrupt'));
  }
});

test('a wrong checksum, content size, and something behind the end', async () => {
  const checksum = Buffer.from(REPEATED);
  checksum[checksum.length - 1]! ^= 1;
  expect(await failureOf(unpackBytes(checksum, 'zstd'))).toEqual(failing('SourceCorrupt', 'checksum'));
  const size = Buffer.from(SMALL);
  size[5]! += 1;
  expect(await failureOf(unpackBytes(size, 'zstd'))).toEqual(failing('SourceCorrupt', 'damaged'));
  for (const rest of ['x', '\0\0\0\0\0\0\0\0', 'a,b\n3,4\n']) {
    expect(await failureOf(unpackBytes(Buffer.concat([SMALL, Buffer.from(rest)]), 'zstd'))).toEqual(
      failing('SourceCorrupt'),
    );
  }
});

test('a bomb, a window that wants much memory, a dictionary', async () => {
  expect(await failureOf(unpackBytes(REPEATED, 'zstd', { limits: { ratioFreeBytes: 399_999 } }))).toEqual(
    failing('SourceRefused', '399999 bytes', 'limits\\.ratio'),
  );
  // Without a content size it is noticed while unpacking.
  const stored = zstdFrame(Buffer.alloc(1_000, 'x'), 100);
  expect(await failureOf(unpackBytes(stored, 'zstd', { limits: { ratioFreeBytes: 9, ratio: 0.5 } }))).toEqual(
    failing('SourceRefused'),
  );
  const window = Buffer.from(stored);
  window[5] = 0x98;
  expect(await failureOf(unpackBytes(window, 'zstd'))).toEqual(failing('SourceRefused', '--long', 'zstdWindowBytes'));
  const dictionary = Buffer.from('28b52ffd2107080100005a', 'hex');
  expect(await failureOf(unpackBytes(dictionary, 'zstd'))).toEqual(failing('SourceCorrupt', 'dictionary'));
});
