import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { failing, failureOf } from './failing.ts';
import { rawZip, type RawEntry } from './raw-zip.ts';
import { unpackBytes } from './unpacked.ts';

async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files))
    zip.addBuffer(Buffer.from(text), name, { compress: text.length > 20 });
  zip.end();
  return buffer(zip.outputStream);
}

test('each regular file is a file of its own', async () => {
  const zip = new ZipFile();
  zip.addEmptyDirectory('inner');
  zip.addBuffer(Buffer.from('a\n1\n'), 'inner/año.csv');
  zip.addBuffer(Buffer.from('x,y\n'.repeat(9_000)), 'b.csv');
  zip.end();
  expect(await unpackBytes(await buffer(zip.outputStream), 'zip')).toEqual([
    ['in.csv.gz!inner/año.csv', 'a\n1\n'],
    ['in.csv.gz!b.csv', 'x,y\n'.repeat(9_000)],
  ]);
});

test('any texts under any names', async () => {
  const name = fc.stringMatching(/^[a-z0-9ñé ]{1,8}(\/[a-z]{1,4})?\.csv$/);
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), { minKeys: 1, maxKeys: 4 }),
      async (files) => {
        const expected = Object.entries(files).map(([path, text]) => [`in.csv.gz!${path}`, text]);
        expect(await unpackBytes(await zipOf(files), 'zip')).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});

test('names: UTF-8 without its flag, and of old DOS programs', async () => {
  const dos = Buffer.from([0xa4, 0x61, 0x2e, 0x63]);
  expect(await unpackBytes(rawZip({ name: 'año.csv' }, { name: dos }), 'zip')).toMatchObject([
    ['in.csv.gz!año.csv', 'a\n1\n'],
    [expect.stringMatching(/^in\.csv\.gz!.a\.c$/), 'a\n1\n'],
  ]);
});

test('what archivers add is left out, and told', async () => {
  const bytes = await zipOf({
    'a.csv': 'a\n',
    '__MACOSX/._a.csv': 'x',
    '.DS_Store': 'x',
    'b/_c.csv': 'x',
    'd.csv.part': 'x',
  });
  expect(await unpackBytes(bytes, 'zip')).toEqual([
    ['left out', '__MACOSX/._a.csv,.DS_Store,b/_c.csv,d.csv.part'],
    ['in.csv.gz!a.csv', 'a\n'],
  ]);
});

describe('a dishonest archive is refused as a whole', () => {
  const good = { name: 'good.csv' };
  test.each([
    ['out of it', '../evil.csv', 'leads elsewhere'],
    ['out of it from below', 'a/../../evil.csv', 'leads elsewhere'],
    ['a folder out of it', '../', 'leads elsewhere'],
    ['on the spot', './a.csv', 'leads elsewhere'],
    ['absolute', '/etc/passwd', 'absolute path'],
    ['a drive', 'C:evil.csv', 'names a drive'],
    ['backslashes', 'a\\..\\evil.csv', 'backslash'],
    ['a NUL', 'a.csv\0.png', 'control characters'],
    ['no name', '', 'no name'],
    ['a long path', `${'a/'.repeat(600)}b.csv`, 'more than 1024 bytes'],
  ])('%s', async (_, name, word) => {
    expect(await failureOf(unpackBytes(rawZip(good, { name }), 'zip'))).toEqual(failing('SourceRefused', word));
  });

  test('twice the same path, links, devices', async () => {
    const of = async (...entries: RawEntry[]): Promise<unknown> =>
      failureOf(unpackBytes(rawZip(good, ...entries), 'zip'));
    expect(await of(good)).toEqual(failing('SourceRefused', 'two entries'));
    expect(await of({ name: 'l', content: '/etc/passwd', mode: 0o120777 })).toEqual(
      failing('SourceRefused', 'symbolic link'),
    );
    expect(await of({ name: 'd', mode: 0o020666 })).toEqual(failing('SourceRefused', 'no regular file'));
    expect(await of({ name: 'ok.csv', mode: 0o100644 })).toBe('no failure');
  });

  test('encrypted, or packed in an unknown way', async () => {
    expect(await failureOf(unpackBytes(rawZip({ name: 'a', flags: 1 }), 'zip'))).toEqual(
      failing('SourceWrongType', 'encrypted', 'password'),
    );
    expect(await failureOf(unpackBytes(rawZip({ name: 'a', method: 93 }), 'zip'))).toEqual(
      failing('SourceWrongType', 'method 93'),
    );
  });
});

describe('bombs', () => {
  const zeros = '0,0\n'.repeat(250_000);

  test('more entries than allowed', async () => {
    const bytes = rawZip({ name: 'a' }, { name: 'b' }, { name: 'c' });
    expect(await failureOf(unpackBytes(bytes, 'zip', { limits: { zipEntries: 2 } }))).toEqual(
      failing('SourceRefused', '3 entries', 'limits\\.zipEntries'),
    );
  });

  test('by what the list says, before anything is unpacked, and over all entries', async () => {
    const bytes = rawZip({ name: 'a', content: zeros }, { name: 'b', content: zeros });
    expect(await unpackBytes(bytes, 'zip')).toHaveLength(2);
    expect(await failureOf(unpackBytes(bytes, 'zip', { limits: { ratioFreeBytes: 1_999_999 } }))).toEqual(
      failing('SourceRefused', '1999999 bytes', 'limits\\.ratio'),
    );
  });

  test('one whose list lies about the size', async () => {
    const [first] = await unpackBytes(rawZip({ name: 'a', content: zeros, size: 10 }), 'zip');
    expect(first).toEqual(['in.csv.gz!a', failing('SourceCorrupt', 'too many bytes')]);
  });
});

describe('damage', () => {
  test('costs its entry', async () => {
    const contents = await unpackBytes(
      rawZip(
        { name: 'a', crc: 1 },
        { name: 'b' },
        { name: 'c', size: 9 },
        { name: 'd', ownName: 'e' },
        { name: 'f', content: '' },
      ),
      'zip',
    );
    expect(contents).toEqual([
      ['in.csv.gz!a', failing('SourceCorrupt', 'checksum', 'in\\.csv\\.gz!a')],
      ['in.csv.gz!b', 'a\n1\n'],
      ['in.csv.gz!c', failing('SourceCorrupt', 'not enough bytes')],
      ['in.csv.gz!d', failing('SourceCorrupt', 'contradicts itself')],
      ['in.csv.gz!f', failing('SourceEmpty')],
    ]);
  });

  test('of the list costs the archive, wherever it ends', async () => {
    const whole = await zipOf({ 'a.csv': 'a\n1\n'.repeat(30), 'b.csv': 'b\n' });
    for (let length = 4; length < whole.length; length += 5) {
      expect(await failureOf(unpackBytes(whole.subarray(0, length), 'zip'))).toEqual(failing('SourceCorrupt'));
    }
  });

  test('any changed byte changes no content', async () => {
    const files = { 'a.csv': 'a\n1\n'.repeat(30), 'b.csv': 'b\n2\n' };
    const whole = await zipOf(files);
    const texts = new Set<unknown>(Object.values(files));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const bytes = Buffer.from(whole);
        bytes[place]! ^= change;
        const contents = await unpackBytes(bytes, 'zip').catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'AcequiaError' });
          return [];
        });
        for (const [name, content] of contents) {
          if (typeof content === 'string' && name !== 'left out') expect(texts.has(content)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no files in it', async () => {
    expect(await failureOf(unpackBytes(rawZip(), 'zip'))).toEqual(failing('SourceEmpty', 'no files'));
    expect(await failureOf(unpackBytes(rawZip({ name: '.x' }), 'zip'))).toEqual(failing('SourceEmpty'));
  });
});
