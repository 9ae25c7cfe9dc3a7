import { describe, expect, test } from 'vitest';
import { describeSheet } from '../../../../activities/ingest/excel/open-sheet.ts';
import { column, layoutOf, readFileRows, type FileRows, type Row } from '../xml/file-rows.ts';
import { makeWorkbook, rowsOf, type Workbook } from './make-workbook.ts';

const EXCEL = { kind: 'excel', sheet: '', header: true } as const;
const plain = (rows: readonly Row[] | undefined): Row[] =>
  (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));

async function readCells(workbook: Workbook, ...fields: readonly string[]): Promise<FileRows> {
  return readFileRows(await makeWorkbook(workbook), EXCEL, layoutOf(...fields.map((field) => column(field))));
}

/** The texts that cells of one column come to, below the header `a`. */
async function texts(
  cells: readonly string[],
  workbook: Partial<Workbook> = {},
): Promise<{ texts: unknown[]; reasons: unknown[] }> {
  const rows = cells.map((cell, index) => `<row r="${index + 2}">${cell.replace('<c', `<c r="A${index + 2}"`)}</row>`);
  const sheet = { name: 'S', rows: rowsOf(['a']) + rows.join('') };
  const { good, broken } = await readCells({ ...workbook, sheets: [sheet] }, 'a');
  return { texts: good['rows']?.map(({ a }) => a) ?? [], reasons: broken.map(({ reason }) => reason) };
}

describe('values are as they are stored', () => {
  test('numbers by the shortest text of their double, whole ones with all their digits', async () => {
    const stored = [
      '1',
      '1.1000000000000001',
      '0.30000000000000004',
      '12345678901234567890',
      '1E3',
      '1.5E-7',
      '1e+21',
      '-0.5',
      '007',
      '1E+300',
    ];
    expect((await texts(stored.map((value) => `<c><v>${value}</v></c>`))).texts).toEqual([
      '1',
      '1.1',
      '0.30000000000000004',
      '12345678901234567890',
      '1000',
      '0.00000015',
      '1000000000000000000000',
      '-0.5',
      '7',
      '1e+300',
    ]);
  });

  test('texts: shared, rich, inline, of formulas, with spaces, zeros in front and escapes', async () => {
    const strings =
      '<si><t xml:space="preserve"> 007 </t></si><si><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r><rPh sb="0"><t>no</t></rPh></si><si><t>a_x000D_b_x005F_x</t></si><si><t/></si>';
    const cells = ['0', '1', '2', '3'].map((index) => `<c t="s"><v>${index}</v></c>`);
    const more = [
      '<c t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r></is></c>',
      '<c t="str"><f>A1</f><v>x&amp;y</v></c>',
      '<c t="d"><v>2024-01-05</v></c>',
    ];
    expect((await texts([...cells, ...more], { strings })).texts).toEqual([
      ' 007 ',
      'rich',
      'a\rb_x',
      '',
      '12',
      'x&y',
      '2024-01-05',
    ]);
  });

  test('dates by their formats, with the time they have', async () => {
    const formats = [
      'yyyy-mm-dd',
      'd mmm yy h:mm',
      'h:mm:ss',
      '[h]:mm',
      '0.00" d"',
      '[Red]0;[Blue]0',
      'General',
      'mmmm',
      'mm:ss.0',
      '#,##0.00E+00',
    ];
    const styled = (style: number, value: number): string => `<c s="${style}"><v>${value}</v></c>`;
    const cells = [
      styled(1, 45296),
      styled(1, 45296.5),
      styled(11, 45296),
      styled(2, 45296),
      styled(2, 45296.416666666664),
      styled(3, 0.75),
      styled(3, 45296.75),
      styled(4, 1.520833333333333),
      styled(5, 45296),
      styled(6, 45296),
      styled(7, 45296),
      styled(8, 1),
      styled(1, 59),
      styled(1, 61),
      styled(9, 0.5000001157407408),
      styled(10, 5),
      styled(1, 2958465),
      styled(2, 45296.99999999999),
    ];
    expect((await texts(cells, { formats })).texts).toEqual([
      '2024-01-05',
      '2024-01-05T12:00:00',
      '2024-01-05',
      '2024-01-05T00:00:00',
      '2024-01-05T10:00:00',
      '18:00:00',
      '2024-01-05T18:00:00',
      '36:30:00',
      '45296',
      '45296',
      '45296',
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
      '12:00:00.01',
      '5',
      '9999-12-31',
      '2024-01-06T00:00:00',
    ]);
    expect((await texts([styled(1, 43834)], { formats, date1904: true })).texts).toEqual(['2024-01-05']);
  });

  test('booleans, and nothing where there is nothing', async () => {
    expect((await texts(['<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>'])).texts).toEqual(['true', 'false']);
  });

  test('what has no value breaks its row, and says where', async () => {
    const cells = [
      '<c t="e"><v>#N/A</v></c>',
      '<c><f>1+1</f></c>',
      '<c s="1"><v>60</v></c>',
      '<c s="1"><v>-1</v></c>',
      '<c t="s"><v>9</v></c>',
      '<c><v>x</v></c>',
      '<c t="b"><v>2</v></c>',
    ];
    const { texts: good, reasons } = await texts(cells, { formats: ['yyyy-mm-dd'] });
    expect(good).toEqual([]);
    expect(reasons).toEqual([
      '#N/A in column A',
      'a formula without a stored result in column A',
      'a date that does not exist in column A',
      'a date that does not exist in column A',
      'a text that the workbook does not have in column A',
      'a number that is none in column A',
      'a boolean that is none in column A',
    ]);
  });
});

describe('rows and columns', () => {
  test('empty rows are passed over, names are made where there are none, rows keep their numbers', async () => {
    const rows = `<row r="1"/><row r="3"><c r="B3" t="inlineStr"><is><t>x</t></is></c><c r="C3" t="inlineStr"><is><t>x</t></is></c></row>
      <row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c><c r="E4"><v>3</v></c></row><row r="5"><c r="A5" s="1"/></row><row r="7"><c r="C7"><v>4</v></c></row>`;
    const read = await readCells(
      { sheets: [{ name: 'S', rows, after: '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>' }] },
      'x',
      'x (2)',
    );
    expect(read.good['rows']).toEqual([]);
    expect(read.summary.findings.map(({ field, line, evidence }) => [field, line, evidence.values])).toEqual([
      ['column_1', 4, 1],
      ['column_5', 4, 1],
    ]);
    expect(read.summary.warnings.map(({ what, rows: times }) => [what, times])).toEqual([
      ['an empty row is passed over', 2],
      ['merged cells: the value stands in the first of them only', 1],
    ]);
    const known = await readCells({ sheets: [{ name: 'S', rows }] }, 'column_1', 'x', 'x (2)', 'column_5');
    expect(known.good['rows']).toEqual([
      { column_1: '1', x: '2', 'x (2)': null, column_5: '3', _file: 'in', _line: '4', _offset: '0', _length: '0' },
      { column_1: null, x: null, 'x (2)': '4', column_5: null, _file: 'in', _line: '7', _offset: '0', _length: '0' },
    ]);
  });

  test('a column with a name alone exists', async () => {
    const { summary } = await readCells({ sheets: [{ name: 'S', rows: rowsOf(['a', 'b'], [1, null]) }] });
    expect(summary.findings.map(({ field, evidence }) => [field, evidence.values])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
  });

  test('a value that its column does not take makes a suspect, with all its cells', async () => {
    const path = await makeWorkbook({ sheets: [{ name: 'S', rows: rowsOf(['a', 'b'], [1, 'x'], ['1.5', 'y']) }] });
    const { good, suspect } = await readFileRows(path, EXCEL, layoutOf(column('a', { kind: 'integer' }), column('b')));
    expect(plain(good['rows'])).toEqual([{ a: '1', b: 'x' }]);
    expect(suspect['rows']).toMatchObject([{ a: '1.5', b: 'y', _line: '3' }]);
  });

  test('without a header, or with names that are given', async () => {
    const path = await makeWorkbook({ sheets: [{ name: 'S', rows: rowsOf([1, 2], [3, 4]) }] });
    const bare = await readFileRows(
      path,
      { ...EXCEL, header: false },
      layoutOf(column('column_1'), column('column_2')),
    );
    expect(plain(bare.good['rows'])).toEqual([
      { column_1: '1', column_2: '2' },
      { column_1: '3', column_2: '4' },
    ]);
    const named = await readFileRows(path, { ...EXCEL, names: ['p', 'q'] }, layoutOf(column('q')));
    expect(plain(named.good['rows'])).toEqual([]);
    expect(named.summary.findings.map(({ field }) => field)).toEqual(['p']);
  });
});

describe('sheets', () => {
  const sheets = [
    { name: 'Hidden', rows: rowsOf(['h'], [0]), state: 'hidden' },
    { name: 'One', rows: rowsOf(['a'], [1]) },
    { name: 'Two', rows: rowsOf(['b'], [2]) },
    { name: 'Empty', rows: '<row r="1"><c r="A1" s="0"/></row>' },
  ];

  test('the first that can be seen, with a word about the others; or the one that is named', async () => {
    const { good, summary } = await readCells({ sheets }, 'a');
    expect(plain(good['rows'])).toEqual([{ a: '1' }]);
    expect(summary.warnings.map(({ what }) => what)).toEqual(
      ['Hidden', 'Two'].map((name) => `the sheet "${name}" holds something too and is not read`),
    );
    const path = await makeWorkbook({ sheets });
    expect(plain((await readFileRows(path, { ...EXCEL, sheet: 'two' }, layoutOf(column('b')))).good['rows'])).toEqual([
      { b: '2' },
    ]);
    await expect(readFileRows(path, { ...EXCEL, sheet: 'Tow' }, layoutOf())).rejects.toMatchObject({
      type: 'SourceMissing',
    });
    expect(await describeSheet(path, 'in.xlsx', { sheet: '', header: true })).toEqual({
      sheet: 'One',
      others: ['Hidden', 'Two'],
      line: 1,
      names: ['a'],
    });
  });

  test('an empty one in front of others is refused', async () => {
    await expect(readCells({ sheets: [sheets[3]!, sheets[1]!] })).rejects.toMatchObject({ type: 'SourceRefused' });
  });
});
