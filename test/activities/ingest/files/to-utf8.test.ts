import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEncoding } from '../../../../activities/ingest/files/decide-encoding.ts';
import { EvidenceGatherer, type EncodingEvidence } from '../../../../activities/ingest/files/encoding-evidence.ts';
import { toUtf8, type Utf8Text } from '../../../../activities/ingest/files/to-utf8.ts';
import { transcoder } from '../../../../activities/ingest/files/transcode.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { failing, failureOf } from './failing.ts';

interface Read extends Utf8Text {
  readonly text: string;
  readonly copied: boolean;
}

/** The text of these bytes, strictly read from what comes back. */
async function read(bytes: Uint8Array, declared = 'auto'): Promise<Read> {
  const folder = await temporaryFolder();
  const path = join(folder, 'in.csv');
  await writeFile(path, bytes);
  const to = join(folder, 'text');
  const signal = new AbortController().signal;
  const result = await toUtf8({ path, name: 'in.csv', declared, to, onBytes: () => undefined, signal }).catch(
    async (error: unknown) => {
      expect(await readdir(folder)).toEqual(['in.csv']);
      throw error;
    },
  );
  const plain = await readFile(result.path);
  expect(result.bytes).toBe(plain.length);
  return { ...result, text: plain.subarray(result.textStart).toString('utf8'), copied: result.path === to };
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const cp1252 = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll('€', '\x80').replaceAll('“', '\x93').replaceAll('”', '\x94').replaceAll('’', '\x92'),
    'latin1',
  );

const rows = (cell: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.integer(), cell), { minLength: 3, maxLength: 30 })
    .map((all) => ['id,name', ...all.map(([id, text]) => `${id},${text}`), ''].join('\n'));
const anyText = rows(fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0')));
const westernWord = fc
  .tuple(
    fc.constantFrom('Canción', 'Açores', 'Müller', 'Straße', 'Ñandú', 'l’été', 'Ærø', 'ação', 'Größe', 'crème'),
    fc.stringMatching(/^[a-z]{0,6}$/),
  )
  .map(([word, more]) => `${word} ${more}`);

describe('text → bytes → detected and turned into UTF-8 → the same text', () => {
  const same = (
    text: fc.Arbitrary<string>,
    encode: (text: string) => Buffer,
    encodings: readonly string[],
  ): Promise<void> =>
    fc.assert(
      fc.asyncProperty(text, async (original) => {
        const result = await read(encode(original));
        expect(result.text).toBe(original);
        expect(encodings).toContain(result.encoding.encoding);
      }),
      { numRuns: 60 },
    );

  test('UTF-8', () => same(anyText, (text) => Buffer.from(text), ['utf-8']));
  test('UTF-8 with its mark', () => same(anyText, (text) => Buffer.from(`\ufeff${text}`), ['utf-8']));
  test('UTF-16LE with its mark', () => same(anyText, (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), ['utf-16le']));
  test('UTF-16BE with its mark', () => same(anyText, (text) => utf16be(`\ufeff${text}`), ['utf-16be']));
  test('UTF-16LE without', () => same(anyText, (text) => Buffer.from(text, 'utf16le'), ['utf-16le']));
  test('UTF-16BE without', () => same(anyText, utf16be, ['utf-16be']));
  test('Windows-1252', () => same(rows(westernWord), cp1252, ['windows-1252', 'iso-8859-1']));
  test('ISO-8859-1', () =>
    same(rows(westernWord.map((word) => word.replace('’', "'"))), (text) => Buffer.from(text, 'latin1'), [
      'iso-8859-1',
    ]));
});

test('UTF-8 stays where it is', async () => {
  expect(await read(Buffer.from('a,ñ\n'))).toMatchObject({
    copied: false,
    textStart: 0,
    encoding: { confidence: 'certain' },
  });
  expect(await read(Buffer.from('\ufeffa\n'))).toMatchObject({ copied: false, textStart: 3, text: 'a\n' });
});

test('a mark is dropped once, at the start', async () => {
  const text = '\ufeffa\ufeff,b\n\ufeff1,2\n';
  for (const bytes of [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    utf16be(`\ufeff${text}`),
  ]) {
    expect((await read(bytes)).text).toBe(text);
  }
});

describe('what the bytes say', () => {
  const decide = (bytes: Buffer, piece = 1 << 20): ReturnType<typeof decideEncoding> =>
    decideEncoding(evidenceOf(bytes, piece));
  const lines = (count: number, line: (n: number) => string): Buffer =>
    Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join(''));

  test('UTF-8 with a few broken lines stays UTF-8; they are for the reader', () => {
    const good = lines(500, (n) => `${n},Bogotá\n`);
    const broken = Buffer.concat([good, Buffer.from('x,Bogot\xe1\n'.repeat(4), 'latin1'), good]);
    expect(decide(broken)).toMatchObject({
      encoding: 'utf-8',
      confidence: 'likely',
      why: expect.stringContaining('4 places') as unknown,
    });
    const ascii = lines(500, (n) => `${n},Lima\n`);
    expect(decide(Buffer.concat([ascii, Buffer.from([0x31, 0x2c, 0xff, 0xfe, 0x0a]), ascii]))).toMatchObject({
      encoding: 'utf-8',
    });
    expect(decide(Buffer.concat([ascii, Buffer.from([0x31, 0x2c, 0xc3])]))).toMatchObject({ encoding: 'utf-8' });
  });

  test('valid characters count wherever they stand: broken lines in one piece of a large file do not outvote them', () => {
    const many = lines(40_000, (n) => `${n},Bogotá\n`);
    const broken = Buffer.from('x,Bogot\xe1\n'.repeat(900), 'latin1');
    expect(decide(Buffer.concat([many, broken]), 4_096)).toMatchObject({ encoding: 'utf-8', confidence: 'likely' });
  });

  test('few accents in much ASCII are Western European', () => {
    const ascii = lines(20_000, (n) => `${n},Lima\n`);
    expect(decide(Buffer.concat([ascii, Buffer.from('1,Bogot\xe1\n', 'latin1')]))).toMatchObject({
      encoding: 'iso-8859-1',
      confidence: 'likely',
    });
    expect(decide(Buffer.concat([ascii, Buffer.from('1,Descri\xe7\xe3o Situa\xe7\xe3o\n', 'latin1')]))).toMatchObject({
      encoding: 'iso-8859-1',
    });
    expect(decide(Buffer.concat([ascii, cp1252('1,“5 €”\n')]))).toMatchObject({
      encoding: 'windows-1252',
      confidence: 'likely',
    });
  });

  test.each([
    ['Cyrillic in Windows-1251', Buffer.from([0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0]), 'long rows'],
    ['Japanese in Shift-JIS', Buffer.from([0x93, 0x8c, 0x8b, 0x9e, 0x93, 0x73]), 'long rows'],
    ['Spanish of old DOS (code page 850)', Buffer.from('Espa\xa4a M\x82xico Bogot\xa0', 'latin1'), 'middle of words'],
    ['Spanish of old Macintoshes', Buffer.from('Espa\x96a Canci\x97n M\x87laga', 'latin1'), 'middle of words'],
    ['Polish in Windows-1250', Buffer.from('z\xb3oty pi\xb9tek \xbfycie', 'latin1'), 'middle of words'],
    ['bytes that Windows-1252 leaves undefined', Buffer.from('caf\xe9 \x81\x8d', 'latin1'), 'undefined'],
  ])('%s is not taken for Western European', (_, bytes, why) => {
    const text = Buffer.concat(Array.from({ length: 40 }, () => [Buffer.from('1,'), bytes, Buffer.from('\n')]).flat());
    expect(decide(text)).toMatchObject({ confidence: 'unsure', why: expect.stringContaining(why) as unknown });
  });

  test('two encodings in one file', async () => {
    const mixed = Buffer.concat([lines(20, () => 'x,Bogotá\n'), Buffer.from('y,Bogot\xe1\n'.repeat(60), 'latin1')]);
    expect(decide(mixed)).toMatchObject({ confidence: 'unsure', why: expect.stringContaining('mixture') as unknown });
    expect(await failureOf(read(mixed))).toEqual(
      failing('SourceEncoding', 'cannot be told', '20 characters', '60 places', 'declare it', 'iconv'),
    );
    expect((await read(mixed, 'utf-8')).copied).toBe(false);
  });

  test('UTF-16 whose letters are not ASCII', () => {
    const text = '名前,都市\n山田,東京\n佐藤,大阪\n'.repeat(5);
    expect(decide(Buffer.from(text, 'utf16le'))).toMatchObject({ encoding: 'utf-16le' });
    expect(decide(utf16be(text))).toMatchObject({ encoding: 'utf-16be' });
    expect(decide(Buffer.from(`1,\0\n${'2,x\n'.repeat(20)}`))).toMatchObject({ encoding: 'utf-8' });
  });

  test('it is the same however the bytes come', () => {
    const word = fc.constantFrom('é', 'ab', '€', '😀', '\xff', 'ñandú', '\0');
    const text = fc
      .array(word, { maxLength: 40 })
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part === '\xff' ? 'latin1' : 'utf8'))));
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 20 }), (bytes, piece) => {
        const {
          highRuns: _1,
          western: _2,
          insideWords: _3,
          oddInsideWords: _4,
          high: _5,
          highCounts: _6,
          ...exact
        } = evidenceOf(bytes, piece);
        const {
          highRuns: _7,
          western: _8,
          insideWords: _9,
          oddInsideWords: _10,
          high: _11,
          highCounts: _12,
          ...whole
        } = evidenceOf(bytes, 1_000);
        expect(exact).toEqual(whole);
      }),
    );
  });
});

describe('what is not valid in its encoding', () => {
  test.each([
    [
      'odd length',
      Buffer.concat([Buffer.from('\ufeffa,b\n', 'utf16le'), Buffer.from('x')]),
      'byte 10',
      'half a character',
    ],
    ['a lone first half', Buffer.from('\ufeffa\ud800b\n', 'utf16le'), 'byte 4', 'surrogate'],
    ['a lone second half', Buffer.from('\ufeffa\udc00b\n', 'utf16le'), 'byte 4', 'surrogate'],
    ['a first half at the end', Buffer.from('\ufeffa\n\ud800', 'utf16le'), 'byte 6', 'surrogate'],
    ['big-endian', utf16be('\ufeffab\udc00\n'), 'byte 6', 'surrogate'],
  ])('UTF-16: %s', async (_, bytes, place, kind) => {
    expect(await failureOf(read(bytes))).toEqual(failing('SourceEncoding', 'in\\.csv', place, kind));
  });

  test('Windows-1252: an undefined byte', async () => {
    expect(await failureOf(read(Buffer.from('a\n\x8d\n', 'latin1'), 'cp1252'))).toEqual(
      failing('SourceEncoding', 'byte 2', 'undefined'),
    );
    expect((await read(Buffer.from('a\n\x8d\n', 'latin1'), 'latin1')).text).toBe('a\n\x8d\n');
  });
});

describe('what is declared wins', () => {
  test('over what would be found', async () => {
    const bytes = Buffer.from('Espa\xf1a, 5 \x80\n', 'latin1');
    expect((await read(bytes, 'windows-1252')).text).toBe('España, 5 €\n');
    expect((await read(bytes, 'ISO_8859-1')).text).toBe('España, 5 \x80\n');
    expect((await read(Buffer.from('é\n'), 'latin-1')).text).toBe('Ã©\n');
    expect((await read(bytes, 'utf8')).copied).toBe(false);
  });

  test('UTF-16 in the byte order the file has', async () => {
    expect((await read(utf16be('\ufeffa\n'), 'utf-16')).text).toBe('a\n');
    expect((await read(Buffer.from('\ufeffa\n', 'utf16le'), 'utf-16')).text).toBe('a\n');
    expect((await read(utf16be('a,b\n1,2\n'), 'utf-16')).text).toBe('a,b\n1,2\n');
    expect((await read(Buffer.from('東京都', 'utf16le'), 'utf-16')).text).toBe('東京都');
  });

  test('but not over a byte-order mark, and not if nobody knows it', async () => {
    expect(await failureOf(read(utf16be('\ufeffa\n'), 'utf-16le'))).toEqual(
      failing('SourceEncoding', 'utf-16le', 'mark of utf-16be'),
    );
    expect(await failureOf(read(Buffer.from('\ufeffa\n'), 'latin1'))).toEqual(
      failing('SourceEncoding', 'mark of utf-8'),
    );
    expect(await failureOf(read(Buffer.from('a\n'), 'koi8-r'))).toEqual(
      failing('DefinitionInvalid', 'koi8-r', 'iconv'),
    );
  });
});

test('nothing but a mark', async () => {
  for (const bytes of [Buffer.from('\ufeff'), Buffer.from('\ufeff', 'utf16le'), utf16be('\ufeff')]) {
    expect(await failureOf(read(bytes))).toEqual(failing('SourceEmpty', 'byte-order mark'));
  }
});

test('a large file is read in a thread, and pairs that are cut by a piece stay whole', async () => {
  const text = `x${'😀,ñ\n'.repeat(500_000)}`;
  const result = await read(Buffer.from(text, 'utf16le'));
  expect(result.text === text).toBe(true);
  expect(result.encoding.encoding).toBe('utf-16le');
  const bad = Buffer.concat([Buffer.from(text, 'utf16le'), Buffer.from([0x00, 0xdc])]);
  expect(await failureOf(read(bad, 'utf-16le'))).toEqual(failing('SourceEncoding', `byte ${bad.length - 2}`));
});

test('UTF-16 that comes in any pieces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.integer({ min: 1, max: 5 }), (text, big, piece) => {
      const bytes = big ? utf16be(text) : Buffer.from(text, 'utf16le');
      const convert = transcoder(big ? 'utf-16be' : 'utf-16le', 0);
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += piece)
        parts.push(Buffer.from(convert.convert(bytes.subarray(at, at + piece), false)));
      parts.push(Buffer.from(convert.convert(Buffer.alloc(0), true)));
      expect(Buffer.concat(parts).toString('utf8')).toBe(text);
    }),
  );
});

function evidenceOf(bytes: Buffer, piece: number): EncodingEvidence {
  const gatherer = new EvidenceGatherer();
  for (let at = 0; at < bytes.length; at += piece) gatherer.add(bytes.subarray(at, at + piece), false);
  gatherer.add(Buffer.alloc(0), true);
  return gatherer.evidence();
}
