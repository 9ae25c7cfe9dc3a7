import { describe, expect, test } from 'vitest';
import type { CsvDialect } from '../../../../activities/ingest/csv/dialect.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { ingestBytes } from '../ingest-bytes.ts';
import { detect, lines, times } from './detect.ts';

describe('a quote where none can be does not hide the delimiter', () => {
  const header = 'codigo;nombre;precio;fecha';
  const rows = [
    '007;Café "largo";1.234,50;07/03/2025',
    '008;Té;19,90;08/03/2025',
    '0009;"Agua; con gas";5,00;09/03/2025',
    '010;;0,10;10/03/2025',
  ];

  test.each<[string, string, Partial<CsvDialect>]>([
    ['in a small file', lines(header, ...rows), { startLine: 1, header: true }],
    ['without a header', lines(...rows.slice(1), rows[0] ?? ''), { header: false }],
    ['under a title', lines('Precios', '', header, ...rows), { startLine: 3, header: true }],
    ['above a total', lines(header, ...rows, 'Total: 4'), { startLine: 1, header: true }],
    [
      'in three records of ten',
      lines(
        header,
        times(100, (i) => rows[i % 10 < 3 ? 0 : 2] ?? ''),
      ),
      { header: true },
    ],
    ['and behind a quoted text', lines(header, '1;"Té "negro"";19,90;1', '2;"Té";5,00;2'), { header: true }],
  ])('%s', async (_, text, expected) => {
    const { dialect } = await detect(text);
    expect(dialect).toMatchObject({ ...expected, delimiter: ';', quote: '"' });
    expect(dialect.names).toHaveLength(4);
  });

  test('of two columns of texts', async () => {
    const texts = times(30, (i) => (i % 3 === 0 ? 'Café "largo";frío' : '"Agua; con gas";del tiempo'));
    expect((await detect(lines('nombre;nota', texts))).dialect).toMatchObject({ delimiter: ';', header: true });
  });

  test('and costs only the records that have one', async () => {
    const { staged, quarantined } = await ingestBytes(await temporaryFolder(), lines(header, ...rows), {
      codigo: 'text',
      nombre: 'text',
      precio: 'text',
      fecha: 'text',
    });
    expect(staged).toMatchObject([
      { codigo: '008', nombre: 'Té', precio: '19,90' },
      { codigo: '0009', nombre: 'Agua; con gas', precio: '5,00' },
      { codigo: '010', nombre: null, precio: '0,10' },
    ]);
    expect(quarantined).toMatchObject([{ line: '2', reason: 'quote inside an unquoted field' }]);
  });

  test('and is told', async () => {
    const { reasons, evidence } = await detect(lines(header, ...rows));
    expect(reasons[0]).toBe(
      '100 % of the records that were looked at have 4 fields with a semicolon (;), 1 of them with a quote where none can be',
    );
    expect(evidence).toMatchObject({ records: 5, fitting: 4 });
  });
});

describe('refuses to guess', () => {
  test.each([
    ['two delimiters alike', lines('a;b,c', 'd;e,f', 'g;h,i')],
    ['prose that could be two columns', lines('text', 'Hello, world', 'Yes, no', 'One, two')],
    ['row names without a column', lines('x,y', 'a,1,2', 'b,3,4', 'c,5,6')],
    ['a delimiter too many in every record', lines('a,b,c', '3,,4,', '5,6,7,', '1,1,1,')],
    ['a first line that no record agrees with', lines('a,b', '1,2,3,4', '5,6,7,8', '1,2,3,5')],
    ['single quotes here and there', lines('a,b', "'x',y", 'z,w', "u,'v'")],
    ['a header for some columns and data for others', lines('x,5', '1,6', '2,7')],
    [
      'two tables',
      lines('Vendor;Test', 'From;06/02/2024', 'To;06/29/2024', 'a;b;c', '1;2;14', '4;5;9', '1;1;1', '2;2;2'),
    ],
    [
      'more lines than a title has',
      `${times(21, (i) => `title ${i}`)}\n${lines(
        'id,name,qty',
        times(40, (i) => `${i},Ann,${i}`),
      )}`,
    ],
    ['a single-quoted record or two others', "#|0.00|'\n'\n"],
    ['one record of two delimiters and a tab', "'#\t,40734\r"],
    ['one record of pipes and tabs', '\ta1cb| b\t#1.\r'],
    ['one record of prose', lines('18648; a,')],
    [
      'one text with doubled single quotes among many',
      lines(
        'id,text',
        "1,'it''s'",
        times(80, (i) => `${i},word`),
      ),
    ],
    ['a title over two columns of texts', lines('Report', 'name,city', 'Ann,Rome', 'Bob,Oslo')],
  ])('%s', async (_, text) => {
    await expect(detect(text)).rejects.toMatchObject({ type: 'DialectUnsure', where: 'in.csv:1' });
  });

  test.each([
    [
      'those that split alike',
      lines('a;b,c', 'd;e,f', 'g;h,i'),
      '2 columns with a comma (,) in all 3 records; or 2 columns with a semicolon (;) in all 3 records.',
    ],
    [
      'the first line that breaks one',
      lines('text', 'Hello, world', 'Yes, no', 'One, two', 'x, y'),
      '2 columns with a comma (,) in 4 of 5 records, but line 1 has 1 field; or 1 column with no delimiter in all 5 records.',
    ],
    [
      'the first line itself',
      lines('x,y', 'a,1,2', 'b,3,4', 'c,5,6'),
      '3 columns with a comma (,) in 3 of 4 records, but line 1 has 2 fields; or 2 columns with a comma (,), as on line 1; or 1 column with no delimiter in all 4 records.',
    ],
    [
      'quotes where none can be, in the first record too',
      lines('1;a "b";2,5', '2;"x";3,5', '3;"y";4,5'),
      '3 columns with a semicolon (;) in all 3 records, but line 1 has a quote inside an unquoted field; or 1 column with no delimiter in all 3 records; or 2 columns with a comma (,) and no quotes in all 3 records.',
    ],
    [
      'quotes where none can be',
      lines('id;a "b"', '1;"x"', '2;"y"', '3;"z" or'),
      '2 columns with a semicolon (;) in all 4 records, but line 1 has a quote inside an unquoted field, and 1 more has a quote where none can be; or 1 column with no delimiter in all 4 records.',
    ],
    [
      'quotes',
      lines('a,b', "'x',y", 'z,w', "u,'v'"),
      '", which makes 2 columns with a comma (,) in all 4 records; or \', which makes 2 columns with a comma (,) in all 4 records.',
    ],
  ])('and lists the readings: %s', async (_, text, readings) => {
    await expect(detect(text)).rejects.toMatchObject({ what: expect.stringContaining(`: ${readings}`) as string });
  });

  test('an empty file', async () => {
    await expect(detect('\n\n')).rejects.toMatchObject({ type: 'SourceEmpty' });
    await expect(detect('')).rejects.toMatchObject({ type: 'SourceEmpty' });
  });
});
