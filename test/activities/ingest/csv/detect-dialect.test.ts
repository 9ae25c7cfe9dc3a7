import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectDialect } from '../../../../activities/ingest/csv/detect-dialect.ts';
import type { CsvDialect } from '../../../../activities/ingest/csv/dialect.ts';
import { ONE_COLUMN } from '../../../../activities/ingest/csv/dialect-delimiter.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { detect, lines, times } from './detect.ts';

describe('finds the dialect of', () => {
  test.each<[string, string, Partial<CsvDialect>]>([
    ['commas', lines('id,name', '1,Ann', '2,Bob'), { delimiter: ',', quote: '"', header: true, names: ['id', 'name'] }],
    ['semicolons', lines('id;name', '1;Ann', '2;Bob'), { delimiter: ';', header: true }],
    ['tabs', lines('id\tname', '1\tAnn', '2\tBob'), { delimiter: '\t', header: true }],
    ['pipes', lines('id|name', '1|Ann', '2|Bob'), { delimiter: '|', header: true }],
    ['CR alone', 'id,name\r1,Ann\r2,Bob\r', { delimiter: ',', names: ['id', 'name'] }],
    ['a byte-order mark', '\ufeffid,name\n1,Ann\n', { start: 3, startLine: 1, names: ['id', 'name'] }],
    ['decimal commas', lines('a;b', '1,5;2,7', '3,25;4,0'), { delimiter: ';', names: ['a', 'b'] }],
    ['decimal commas without a header', lines('1,5;2,7', '3,25;4,0', '3,5;4,1'), { delimiter: ';', header: false }],
    ['prose with commas', lines('id;text', '1;Hello, world', '2;Yes, no', '3;a, b'), { delimiter: ';' }],
    ['names with commas', lines('Smith, Ann;1', 'Jones, Bob;2', 'Poe, Eve;3'), { delimiter: ';', header: false }],
    ['quoted lines', 'id,text\n1,"a\nb;c\nd"\n2,"x, ""y"""\n', { delimiter: ',', quote: '"', header: true }],
    ['single quotes', "id,text\n1,'a,b'\n2,'it''s, me'\n", { delimiter: ',', quote: "'", names: ['id', 'text'] }],
    ['apostrophes', lines('id,text', "1,it's", "2,'tis", "3,rock 'n' roll"), { delimiter: ',', quote: '"' }],
    ['inches', lines('id,size', '1,5" pipe', '2,6" pipe', '3,x'), { delimiter: ',', quote: '' }],
    ['sep=', 'sep=;\r\nid;name\r\n1;Ann\r\n', { delimiter: ';', start: 7, startLine: 2, names: ['id', 'name'] }],
    ['sep= and a tab', 'sep=\t\r\nid\tname\r\n1\tAnn\r\n', { delimiter: '\t', startLine: 2, names: ['id', 'name'] }],
    ['sep= another', lines('sep=^', 'id^name', '1^Ann'), { delimiter: '^', names: ['id', 'name'] }],
    ['delimiters at the end', lines('a;b;', '1;2;', '3;4;'), { delimiter: ';', names: ['a', 'b', ''] }],
    ['no header', lines('1,Ann', '2,Bob', '3,Eve'), { delimiter: ',', header: false, names: ['column_1', 'column_2'] }],
    ['no header, texts that repeat', lines('Ann,Rome', 'Bob,Rome', 'Eve,Oslo'), { delimiter: ',', header: false }],
    ['no header, codes', lines('AB-1,x', 'CD-2,y', 'EF-3,z'), { delimiter: ',', header: false }],
    ['no header, paths and hashes', lines('x.org/a,v0.0.2,9f8e', 'y.org/bb,v1.10.0,77aa'), { header: false }],
    ['years in the header', lines('land,2019,2020,2021', 'ES,1,2,3', 'FR,4,5,6'), { delimiter: ',', header: true }],
    ['a header and nothing else', lines('id;name'), { delimiter: ';', header: true, names: ['id', 'name'] }],
    ['repeated names', lines('id,x,x', '1,2,3', '4,5,6'), { header: true, names: ['id', 'x', 'x'] }],
    ['an index without a name', lines(',a,b', '0,1,x', '1,2,y'), { header: true, names: ['', 'a', 'b'] }],
    ['a title', lines('Sales report', '', 'id,name,qty', '1,Ann,5', '2,Bob,6'), { start: 14, startLine: 3 }],
    [
      'a title of pairs',
      lines('Vendor;Test', 'Area;North', 'day;settled;qty', '06/19/2024;06/22/2024;14', '06/14/2024;06/14/2024;9'),
      { delimiter: ';', startLine: 3, names: ['day', 'settled', 'qty'] },
    ],
    ['a title filled up', lines('Sales;;;', ';;;', 'id;a;b;c', '1;2;x;4', '2;3;y;5'), { startLine: 3, header: true }],
    ['# before the header', lines('# made today', '# by us', 'id,name', '1,Ann'), { startLine: 3, comment: '' }],
    ['# in the header', lines('#id,name', '1,Ann', '2,Bob'), { startLine: 1, names: ['#id', 'name'], comment: '' }],
    ['# among records', lines('id,name', '1,Ann', '# so far', '2,Bob'), { comment: '#' }],
    ['# in records', lines('tag,n', '#a,1', '#b,2', 'c,3'), { comment: '', header: true }],
    ['# in records and not', lines('tag,n', '#a,1', '# so far', 'c,3', 'd,4'), { comment: '' }],
    ['one column', lines('name', 'Ann', 'Bob'), { delimiter: ONE_COLUMN, names: ['name'] }],
    ['one column of numbers', lines('1', '2', '3'), { delimiter: ONE_COLUMN, header: false }],
    ['one column, one value with a semicolon', lines('c0', 'v0', 'a;b'), { delimiter: ONE_COLUMN, names: ['c0'] }],
    ['one column of prose', lines('text', 'Yes, no, maybe', 'Hello', 'One, two', 'x'), { delimiter: ONE_COLUMN }],
    ['one column of decimals', lines('importe', '1,50', '-2,75', '', '1.013,10'), { delimiter: ONE_COLUMN }],
    ['one column of dates', lines('day', 'March 3, 2025', 'May 5, 2025'), { delimiter: ONE_COLUMN, names: ['day'] }],
    ['years that are data', lines('Ann,2019,2020', 'Bob,2015,2016', 'Eve,2011,2012'), { header: false }],
    [
      'a title of pairs above years',
      lines(
        '"Source","Bank",',
        '',
        '"Made","2025-01-01",',
        '',
        '"land","code","2019","2020",',
        '"ES","x","1.5","2",',
        '"FR","y","3","",',
      ),
      { delimiter: ',', startLine: 5, names: ['land', 'code', '2019', '2020', ''] },
    ],
    ['a title with quotes', lines('Our "sales" so far', 'id;name;qty', '1;Ann;5', '2;Bob;6'), { startLine: 2 }],
    ['decimals without a zero', lines('a;,5', 'b;,25', 'c;,75'), { delimiter: ';', header: false }],
    ['pipes in prose', lines('id,text', '1,a | b', '2,c | d', '3,e | f'), { delimiter: ',' }],
    ['tabs with commas', lines('id\tplace', '1\t40.1,-3.7', '2\t41.2,2.1', '3\t9.9,1.2'), { delimiter: '\t' }],
    ['tabs with names', lines('id\tname', '1\tPoe, Eve', '2\tRoe, Ann', '3\tLee, Bob'), { delimiter: '\t' }],
    ['JSON in a field', lines('id\tdata', '1\t{"a":1,"b":2}', '2\t{"a":3,"b":4}'), { delimiter: '\t', quote: '' }],
    ['pipes with quotes', lines('id|text|n', '1|"a|b"|3', '2|say "hi"|4', '3|"c"|5'), { delimiter: '|', quote: '"' }],
    ['two lines', lines('id;price', '1;2,5'), { delimiter: ';', names: ['id', 'price'] }],
    ['a total at the end', lines('id;name;qty', '1;Ann;1,5', '2;Bob;1,6', 'EOF'), { delimiter: ';', header: true }],
    [
      'notes at the end',
      lines('id;name;price', '1;a;1,5', '2;b;2,5', '3;c;3,5', '', '* prices in euro, VAT included', '** estimated'),
      { delimiter: ';', names: ['id', 'name', 'price'] },
    ],
    ['ragged records', lines('one,two,three', '1,2,3,4', '1,2,3', '', '1,2,3,4,5', '1,2,3,4,5'), { delimiter: ',' }],
  ])('%s', async (_, text, expected) => {
    const { dialect } = await detect(text);
    expect(dialect).toMatchObject(expected);
  });
});

describe('the first line says how wide the table is', () => {
  const text = lines(
    'a,b',
    times(100, (i) => `${i},x`),
    times(29_900, (i) => `${i},x,y`),
  );

  test('and 100 rows of 2 fields before 29,900 of 3 are no title', async () => {
    const { dialect, confidence, evidence } = await detect(text);
    expect(dialect).toMatchObject({ delimiter: ',', header: true, startLine: 1, names: ['a', 'b'] });
    expect(evidence).toMatchObject({ records: 30_001, fitting: 101 });
    expect(confidence).toBeLessThan(0.1);
  });

  test('in a file too large to be looked at as a whole', async () => {
    const tail = lines(times(400_000, (i) => `${i},x,y`));
    const { dialect, evidence, confidence } = await detect(
      lines(
        'a,b',
        times(100_000, (i) => `${i},x`),
      ) + tail,
    );
    expect(dialect).toMatchObject({ delimiter: ',', names: ['a', 'b'] });
    expect(evidence.bytes).toBeLessThan(3 << 20);
    expect(evidence.fitting).toBeLessThan(evidence.records);
    expect(confidence).toBeLessThan(0.9);
  });
});

describe('what is declared', () => {
  test('wins', async () => {
    const text = lines('a;b,c', 'd;e,f', 'g;h,i');
    expect((await detect(text, { delimiter: ';', header: true })).dialect).toMatchObject({ names: ['a', 'b,c'] });
    expect((await detect(text, { delimiter: ',', header: false })).dialect).toMatchObject({ header: false });
    const rowNames = lines('x,y', 'a,1,2', 'b,3,4', 'c,5,6');
    expect((await detect(rowNames, { header: true })).dialect).toMatchObject({ names: ['x', 'y'] });
    expect((await detect(lines('a^b', '1^2'), { delimiter: '^' })).dialect).toMatchObject({ names: ['a', 'b'] });
    expect((await detect(lines('a,"b', '1,2"'), { quote: '' })).dialect).toMatchObject({ names: ['a', '"b'] });
    const percents = lines('a,b', '% x', '1,2');
    expect((await detect(percents, { comment: '%' })).dialect).toMatchObject({ comment: '%', names: ['a', 'b'] });
    expect((await detect(lines('t', 'u', 'a,b', '1,2'), { startLine: 3 })).dialect).toMatchObject({
      start: 4,
      names: ['a', 'b'],
    });
    expect((await detect(lines('t', 'u', 'a,b', '1,2'), { start: 4 })).dialect).toMatchObject({ startLine: 3 });
    expect((await detect(lines('1,2', '3,4'), { names: ['x', 'y'] })).dialect).toMatchObject({
      header: false,
      names: ['x', 'y'],
    });
  });

  test('is doubted aloud when it makes one column of many', async () => {
    const { dialect, warnings } = await detect(lines('a;b', '1;2', '3;4'), { delimiter: ',' });
    expect(dialect).toMatchObject({ delimiter: ',', names: ['column_1'] });
    expect(warnings).toContainEqual(
      'with a comma (,), as declared, there is one column; with a semicolon (;) there would be 2',
    );
  });

  test.each([
    { delimiter: ';;' },
    { delimiter: 'ñ' },
    { delimiter: '' },
    { quote: '\n' },
    { delimiter: '"', quote: '"' },
  ])('must be usable: %j', async (declared) => {
    await expect(detect('a,b\n', declared)).rejects.toMatchObject({ type: 'DefinitionInvalid' });
  });

  test('the names of a contract show what a header is', async () => {
    const text = lines('name,city', 'Ann,city', 'Bob,Rome');
    expect((await detect(text)).dialect.header).toBe(false);
    expect((await detect(text, {}, ['City', 'name'])).dialect.header).toBe(true);
  });
});

describe('the report', () => {
  test('says why, and what came second', async () => {
    const report = await detect(lines('a;b', '1,5;2,7', '3,25;4,0', '3,5;4,1', '7,5;2,1'));
    expect(report.confidence).toBeGreaterThan(0.9);
    expect(report.reasons).toEqual([
      '100 % of the records that were looked at have 2 fields with a semicolon (;)',
      'the rows below the first have types that it does not have',
    ]);
    expect(report).toMatchObject({ lineEnd: 'LF', warnings: [], runnerUp: { delimiter: ',', columns: 3 } });
  });

  test.each([
    ['a header that nothing proves', lines('name,city', 'Ann,Rome', 'Bob,Oslo'), /taken for a header/],
    ['data that nothing proves', lines('x.org/a,9f8e', 'y.org/bb,77aaf'), /taken for data/],
    ['names that repeat', lines('id,x,x', '1,2,3'), /repeats names, in column 3/],
    ['names that are missing', lines('a;b;', '1;2;', '3;4;'), /no name for column 3/],
    ['titles', lines('Sales report', 'id,name,qty', '1,Ann,5', '2,Bob,6'), /1 line stands before the header/],
    ['comments', lines('id,name', '1,Ann', '# so far', '2,Bob'), /begin with # stand among the records/],
  ])('warns of %s', async (_, text, warning) => {
    const { warnings } = await detect(text);
    expect(warnings.join('\n')).toMatch(warning);
  });

  test('has no values of the file in it', async () => {
    const report = await detect(lines('# secret', 'id,name', '1,secret', '2,secret,3', '3,secret'));
    expect(JSON.stringify(report)).not.toContain('secret');
  });
});

describe('a large file', () => {
  test('is not read as a whole, and yet its end counts', async () => {
    // The first megabyte alone could be split by either; the rest only by semicolons.
    const head = times(100_000, (i) => `k${i};1,5`);
    const tail = times(300_000, (i) => `k${i};12`);
    const { dialect, evidence } = await detect(lines('key;value', head, tail));
    expect(dialect).toMatchObject({ delimiter: ';', header: true });
    expect(evidence.bytes).toBeLessThan(3 << 20);
  });

  test('keeps a single line with # that is a record, wherever it stands', async () => {
    const rows = (at: number): string =>
      lines(
        'id,name',
        '1,Ann',
        '# so far',
        times(400_000, (i) => (i === at ? '#5,Eve' : `${i},Ann`)),
      );
    expect((await detect(rows(123_456))).dialect.comment).toBe('');
    expect((await detect(rows(-1))).dialect.comment).toBe('#');
  });

  test('may have fields of many lines', async () => {
    const rows = times(60_000, (i) => `${i},"one;\ntwo, ""${i}""\n\nthree"`);
    const { dialect, evidence } = await detect(lines('id,text', rows));
    expect(dialect).toMatchObject({ delimiter: ',', quote: '"', header: true });
    expect(evidence.fitting / evidence.records).toBeGreaterThan(0.98);
  });

  test('stops when the run is cancelled', async () => {
    const path = join(await temporaryFolder(), 'in.csv');
    await writeFile(
      path,
      lines(
        'a,b',
        times(400_000, (i) => `${i},x`),
      ),
    );
    const stop = new AbortController();
    const found = detectDialect(path, {}, stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(found).rejects.toThrow('cancelled');
  });
});
