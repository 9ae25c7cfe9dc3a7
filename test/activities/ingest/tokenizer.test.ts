import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writtenTable } from './csv-arbitraries.ts';
import { COMMA, readRecords } from './read-records.ts';

/** Line, defect or cells of every record after the header. */
function outline(text: string | Buffer, options: Parameters<typeof readRecords>[3] = {}): unknown[] {
  // A long record that arrives in crumbs is looked at again with each crumb.
  return readRecords(text, COMMA, text.length < 1000 ? [5, 1, 3] : [100_000], options)
    .slice(1)
    .map(({ line, defect, cells }) => [line, defect ?? cells]);
}

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const small = { recordBytes: 64, quotedLines: 3 };

describe('what a conforming program wrote', () => {
  test('comes back cell by cell, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(writtenTable(12), pieces, fc.integer({ min: 4, max: 64 }), (table, sizes, windowBytes) => {
        const seen = readRecords(table.bytes, table.dialect, sizes, { windowBytes });
        expect(seen.map(({ defect }) => defect).filter(Boolean)).toEqual([]);
        expect(seen.map(({ cells }) => cells)).toEqual([table.header, ...table.rows]);
      }),
      { numRuns: 600 },
    );
  });

  test('every record knows its line and its bytes', () => {
    fc.assert(
      fc.property(writtenTable(8), (table) => {
        const seen = readRecords(table.bytes, table.dialect);
        for (const { line, offset, length, text } of seen) {
          expect(table.bytes.subarray(offset, offset + length).toString('utf8')).toBe(text);
          const before = table.bytes.subarray(0, offset).toString('utf8');
          expect(line).toBe(before.split(/\r\n|\n|\r/).length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('bytes of any kind', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...Array.from('a,"\n\r\0')), maxLength: 300 }).map((text) => Buffer.from(text)),
    fc
      .string({ unit: fc.constantFrom(...Array.from('a,"\n')), maxLength: 300 })
      .map((text) => Buffer.from(`x,y\n${text}`)),
  );

  test('are read the same way whatever the pieces', () => {
    fc.assert(
      fc.property(noise, pieces, fc.integer({ min: 4, max: 30 }), (bytes, sizes, windowBytes) => {
        const whole = readRecords(bytes, COMMA, [1 << 20], { windowBytes: 4096, limits: small });
        expect(readRecords(bytes, COMMA, sizes, { windowBytes, limits: small })).toEqual(whole);
      }),
      { numRuns: 600 },
    );
  });

  test('are covered once: records follow each other, and only line ends lie between them', () => {
    fc.assert(
      fc.property(noise, (bytes) => {
        let at = Buffer.from(bytes.subarray(0, 3)).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
        for (const { offset, length } of readRecords(bytes)) {
          expect(Buffer.from(bytes.subarray(at, offset)).toString('latin1')).toMatch(/^[\r\n]*$/);
          at = offset + length;
        }
        expect(Buffer.from(bytes.subarray(at)).toString('latin1')).toMatch(/^[\r\n]*$/);
      }),
      { numRuns: 600 },
    );
  });
});

describe('a broken record says why', () => {
  test.each([
    [
      'too few fields',
      'a,b,c\n1,2\n4,5,6\n',
      [
        [2, '2 fields where the header has 3'],
        [3, ['4', '5', '6']],
      ],
    ],
    ['one field', 'a,b\nx\n', [[2, '1 field where the header has 2']]],
    ['too many fields', 'a,b,c\n3,,4,\n', [[2, '4 fields where the header has 3']]],
    [
      'a quote inside an unquoted field',
      'a,b\n1,5" pipe\n2,x\n',
      [
        [2, 'quote inside an unquoted field'],
        [3, ['2', 'x']],
      ],
    ],
    ['a quote after a space', 'a,b\n1, "x"\n', [[2, 'quote inside an unquoted field']]],
    [
      'text after a closing quote',
      'a,b\n1,"x"y\n2,z\n',
      [
        [2, 'text after a closing quote'],
        [3, ['2', 'z']],
      ],
    ],
    ['a space after a closing quote', 'a,b\n"x" ,1\n', [[2, 'text after a closing quote']]],
    [
      'NUL',
      'a,b\n1,x\0y\n2,z\n',
      [
        [2, 'NUL byte'],
        [3, ['2', 'z']],
      ],
    ],
    ['NUL between quotes', 'a,b\n1,"\0"\n', [[2, 'NUL byte']]],
    [
      'invalid UTF-8',
      Buffer.from('a,b\n1,caf\xe9\n2,z\n', 'latin1'),
      [
        [2, 'not UTF-8'],
        [3, ['2', 'z']],
      ],
    ],
    ['an overlong NUL', Buffer.from('a\n\xc0\x80\n', 'latin1'), [[2, 'not UTF-8']]],
  ])('%s', (_, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });

  test('a text is kept readable: what is not UTF-8 and NUL are replaced', () => {
    const [, record] = readRecords(Buffer.from('a,b\n\0,\xe9,x\n', 'latin1'));
    expect(record?.text).toBe('\u2400,\ufffd,x');
  });

  test('a text is kept up to 64 KB, and never cut inside a character', () => {
    const [, record] = readRecords(`a,b\n${'€'.repeat(30_000)}\n`);
    expect(record?.text).toBe('€'.repeat(21_845));
  });
});

describe('a quote that is never closed costs one line', () => {
  const never = 'quote is never closed';
  test.each([
    [
      'at the end of the file',
      'a,b\n1,"x\n2,y\n3,z\n',
      [
        [2, never],
        [3, ['2', 'y']],
        [4, ['3', 'z']],
      ],
    ],
    [
      'on the last line',
      'a,b\n1,x\n2,"y',
      [
        [2, ['1', 'x']],
        [3, never],
      ],
    ],
    [
      'when a later line has quotes of its own',
      'a,b\n1,"x\n2,"y"\n3,z\n',
      [
        [2, never],
        [3, ['2', 'y']],
        [4, ['3', 'z']],
      ],
    ],
    [
      'on every line',
      'a,b\n1,"x\n2,"y\n3,"z\n',
      [
        [2, never],
        [3, never],
        [4, never],
      ],
    ],
    [
      'after a good field of several lines',
      'a,b\n"p\nq","x\n2,y\n',
      [
        [2, never],
        [4, ['2', 'y']],
      ],
    ],
    [
      'with CRLF',
      'a,b\r\n1,"x\r\n2,y\r\n',
      [
        [2, never],
        [3, ['2', 'y']],
      ],
    ],
    [
      'with CR',
      'a,b\r1,"x\r2,y\r',
      [
        [2, never],
        [3, ['2', 'y']],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });

  test('when more lines follow than a field may have', () => {
    const text = `a,b\n1,"x\n${'2,y\n'.repeat(10)}3,"z"\n`;
    expect(outline(text, { limits: { recordBytes: 4096, quotedLines: 3 } })[0]).toEqual([2, never]);
    expect(outline(text, { limits: { recordBytes: 4096, quotedLines: 3 } })).toHaveLength(12);
  });

  test('when more bytes follow than a record may have', () => {
    const text = `a,b\n1,"x\n${'2,y\n'.repeat(40)}`;
    const seen = outline(text, { limits: { recordBytes: 64, quotedLines: 1000 } });
    expect(seen[0]).toEqual([2, never]);
    expect(seen).toHaveLength(41);
  });

  test('while a field of many lines that is closed is good', () => {
    const value = 'line\n'.repeat(900);
    expect(outline(`a,b\n1,"${value}"\n2,x\n`)).toEqual([
      [2, ['1', value]],
      [903, ['2', 'x']],
    ]);
  });
});

describe('lines', () => {
  test.each([
    [
      'empty lines are no records',
      'a,b\n\n1,2\r\n\r\n\r3,4',
      [
        [3, ['1', '2']],
        [6, ['3', '4']],
      ],
    ],
    [
      'with one column an empty line is a NULL',
      'a\n\nx\n""\n',
      [
        [2, [null]],
        [3, ['x']],
        [4, ['']],
      ],
    ],
    ['a line of spaces is a record', 'a\n  \n', [[2, ['  ']]]],
    [
      'a # begins no comment',
      'a,b\n#1,2\n# note\n',
      [
        [2, ['#1', '2']],
        [3, '1 field where the header has 2'],
      ],
    ],
    ['a header alone has no records', 'a,b', []],
    ['spaces belong to the value', 'a,b\n 1 ,\t2\n', [[2, [' 1 ', '\t2']]]],
    ['nothing is NULL, quotes are an empty text', 'a,b\n,""\n', [[2, [null, '']]]],
  ])('%s', (_, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });

  test('a record longer than allowed is broken, and only that one', () => {
    const long = 'y'.repeat(200);
    const expected = [
      [2, 'longer than 0.00006103515625 MB'],
      [3, ['2', 'z']],
    ];
    for (const field of [long, `"${long}"`, `${long},"x`]) {
      expect(outline(`a,b\n1,${field}\n2,z\n`, { limits: small })).toEqual(expected);
    }
  });

  test('a byte-order mark is dropped, and counts in the offsets', () => {
    const [header, first] = readRecords('\ufeffa\nx\n', COMMA, [1]);
    expect(header).toMatchObject({ offset: 3, cells: ['a'] });
    expect(first).toMatchObject({ offset: 5, cells: ['x'] });
  });

  test('a huge field is read whole', () => {
    const huge = 'z'.repeat(5_000_000);
    expect(outline(`a,b\n"${huge}",1\n`)).toEqual([[2, [huge, '1']]]);
  });
});
