import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failing, failureOf } from './failing.ts';
import { unpackBytes } from './unpacked.ts';

const gunzipped = async (bytes: Uint8Array): Promise<string> => {
  const [[, content] = ['', '']] = await unpackBytes(bytes, 'gzip');
  return String(content);
};

test('any text in any number of members', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { minLength: 1, maxLength: 4 }),
      async (texts) => {
        fc.pre(texts.join('') !== '');
        const packed = Buffer.concat(texts.map((text) => gzipSync(Buffer.from(text))));
        expect(await gunzipped(packed)).toBe(Buffer.from(texts.join('')).toString());
      },
    ),
    { numRuns: 40 },
  );
});

test('members that end where a piece of the file ends', async () => {
  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0x7f));
  const packed = Buffer.concat([gzipSync(noise, { level: 0 }), gzipSync('x,y\n'), gzipSync(noise), gzipSync('z\n')]);
  const text = noise.toString();
  expect(await gunzipped(packed)).toBe(`${text}x,y\n${text}z\n`);
});

test('one that ends early gives nothing, wherever it ends', async () => {
  const whole = Buffer.concat([gzipSync('id,city\n1,Lima\n'), gzipSync('2,Quito\n'.repeat(100))]);
  const firstMember = gzipSync('id,city\n1,Lima\n').length;
  for (let length = 2; length < whole.length; length += 1) {
    // Cut between two members it is a whole file.
    if (length === firstMember) continue;
    expect(await failureOf(unpackBytes(whole.subarray(0, length), 'gzip'))).toEqual(
      failing('SourceCorrupt', 'gzip file ends early', 'nothing of it was read'),
    );
  }
});

test('a wrong CRC, a wrong size, a changed byte', async () => {
  const whole = gzipSync('id,city\n1,Lima\n'.repeat(10));
  for (const place of [whole.length - 8, whole.length - 1, 14]) {
    const bytes = Buffer.from(whole);
    bytes[place]! ^= 0x10;
    expect(await failureOf(unpackBytes(bytes, 'gzip'))).toEqual(failing('SourceCorrupt'));
  }
});

test('zeros may follow, nothing else, and no member behind zeros is passed over', async () => {
  const whole = gzipSync('id\n1\n');
  expect(await gunzipped(Buffer.concat([whole, Buffer.alloc(700)]))).toBe('id\n1\n');
  for (const rest of [
    Buffer.from('x'),
    Buffer.from('\0\0x'),
    Buffer.from('id\n2\n'),
    Buffer.concat([Buffer.alloc(9), whole]),
  ]) {
    expect(await failureOf(unpackBytes(Buffer.concat([whole, rest]), 'gzip'))).toEqual(failing('SourceCorrupt'));
  }
});

test('nothing in it', async () => {
  expect(await failureOf(unpackBytes(gzipSync(''), 'gzip'))).toEqual(failing('SourceEmpty', '0 bytes come out'));
});

test('a bomb is stopped, well-formed rows that compress as much are not', async () => {
  const packed = gzipSync(Buffer.alloc(3_000_000, '0,0,0,0\n'));
  expect(packed.length * 200).toBeLessThan(3_000_000);
  expect((await gunzipped(packed)).length).toBe(3_000_000);
  expect(await failureOf(unpackBytes(packed, 'gzip', { limits: { ratioFreeBytes: 2_999_999 } }))).toEqual(
    failing('SourceRefused', '200 bytes .* for each byte', 'limits\\.ratio'),
  );
  expect(await failureOf(unpackBytes(packed, 'gzip', { limits: { unpackedBytes: 2_999_999 } }))).toEqual(
    failing('SourceRefused', 'limits\\.unpackedBytes'),
  );
});

test('an abort ends it with its reason', async () => {
  const reason = new Error('cancelled');
  const signal = AbortSignal.abort(reason);
  expect(await failureOf(unpackBytes(gzipSync('x'), 'gzip', { signal }))).toBe(reason);
});
