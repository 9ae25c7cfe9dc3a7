import { describe, expect, test } from 'vitest';
import type { CsvLimits } from '../../../../activities/ingest/csv/csv-format.ts';
import { csv, readCsv } from './read-csv.ts';

const small = { recordBytes: 64, quotedLines: 3 };

/** Line, defect or cells of every record; the first line holds the names. */
function outline(text: string | Buffer, { limits }: { limits?: CsvLimits } = {}): unknown[] {
  const [header = ''] = text.toString('latin1').split(/[\r\n]/);
  // A long record that arrives in crumbs is looked at again with each crumb.
  const how = text.length < 1000 ? { crumb: 1, pieceBytes: 3, windowBytes: 1 } : {};
  const { records, counted, windows } = readCsv(text, csv(header.split(',')), {
    ...how,
    ...(limits ? { limits } : {}),
  });
  expect(counted).toEqual(windows.map((window) => ({ records: window.records, fields: window.fields })));
  return records.map(({ line, defect, cells }) => [line, defect ?? cells]);
}

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
      'a # begins no comment, where there are none',
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
    const { records } = readCsv('\ufeffx\n', csv(['a'], { header: false }), { crumb: 1, pieceBytes: 3 });
    expect(records).toMatchObject([{ line: 1, offset: 3, cells: ['x'] }]);
  });

  test('a byte-order mark elsewhere is text', () => {
    const { records } = readCsv('x\n\ufeffy\n', csv(['a'], { header: false }));
    expect(records.map(({ cells }) => cells)).toEqual([['x'], ['\ufeffy']]);
  });

  test('before the header an empty line is no record, with one column either', () => {
    const { records } = readCsv('\n\na\n\nx\n', csv(['a']));
    expect(records.map(({ line, cells }) => [line, cells])).toEqual([
      [4, [null]],
      [5, ['x']],
    ]);
  });

  test('comment lines are no records, whatever stands in them; inside a record a comment byte is text', () => {
    const text = '# "open\na,b\n#\0\n1,#x\n"p\n#q",2\n#end';
    const { records } = readCsv(text, csv(['a', 'b'], { comment: '#' }), { crumb: 1, pieceBytes: 3, windowBytes: 1 });
    expect(records.map(({ line, defect, cells }) => [line, defect ?? cells])).toEqual([
      [4, ['1', '#x']],
      [5, ['p\n#q', '2']],
    ]);
  });

  test('what stands before the start is not looked at', () => {
    const preamble = 'Report "May\n\0\n';
    const format = csv(['a', 'b'], { start: preamble.length, startLine: 3 });
    expect(readCsv(`${preamble}a,b\n1,2\n`, format, { pieceBytes: 4 }).records).toMatchObject([
      { line: 4, offset: preamble.length + 4, cells: ['1', '2'] },
    ]);
  });

  test('without a quote a quote is text', () => {
    const { records, warnings } = readCsv('a,b\n5",""\n"x,y\n', csv(['a', 'b'], { quote: '' }));
    expect(records.map(({ cells }) => cells)).toEqual([
      ['5"', '""'],
      ['"x', 'y'],
    ]);
    expect(warnings).toEqual([]);
  });

  test('a huge field is read whole', () => {
    const huge = 'z'.repeat(5_000_000);
    expect(outline(`a,b\n"${huge}",1\n`)).toEqual([[2, [huge, '1']]]);
  });
});

describe('quotes in suspicious places are told', () => {
  const told = (text: string) => readCsv(text, csv(['a', 'b'])).warnings;

  test.each([
    ['inside an unquoted field', 'a,b\n1,2\n5" pipe,x\n', [['quote inside an unquoted field', 3]]],
    ['before the end of a field', 'a,b\n"x"y,1\n', [['text after a closing quote', 2]]],
    ['never closed', 'a,b\n1,"x\n2,y\n', [['quote is never closed', 2]]],
    ['in their places', 'a,b\n"x","y\nz"\n', []],
  ])('%s', (_, text, warnings) => {
    expect(told(text)).toEqual(warnings);
  });

  test('a field that swallows many lines is believed, and told', () => {
    expect(told(`a,b\n1,"${'x\n'.repeat(50)}"\n`)).toEqual([]);
    expect(told(`a,b\n0,0\n1,"${'x\n'.repeat(51)}"\n`)).toEqual([['a quoted field of more than 50 lines', 3]]);
  });
});
