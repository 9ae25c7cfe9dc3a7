import { expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { duckdbAlone, type Row } from './ingest-bytes.ts';
import { column, loadFile } from './load-file.ts';
import { writeParquet } from './written/write-parquet.ts';

/** The files of `measured-failures.test.ts`, and others, with nothing declared: they go in whole, or say what does not. */

async function jsonAlone(path: string, options = ''): Promise<Row[]> {
  return withSession(undefined, (session) => session.rows(`SELECT * FROM read_json(${literal(path)}${options})`));
}

test('a file of three lines with a;b in it keeps its rows', async () => {
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', 'x\ny\na;b\n');
  expect(loaded.result.read).toBeGreaterThan(0);
  expect(loaded.rows.flat()).toEqual(expect.arrayContaining(['y', 'a;b']));
  expect(await duckdbAlone(loaded.path)).toEqual([]);
});

test('100 rows of two fields, then 29,900 of three: each is counted', async () => {
  const text = `a,b\n${'1,2\n'.repeat(100)}${'3,4,5\n'.repeat(29_900)}`;
  const { result, path } = await loadFile(await temporaryFolder(), 'in.csv', text);
  expect(result).toMatchObject({ read: 30_000, staged: 100, quarantined: 29_900 });
  expect(await duckdbAlone(path)).toHaveLength(29_900);
});

test('3,,4, under the header a,b,c is quarantined as it is', async () => {
  const { rows, quarantined, path } = await loadFile(await temporaryFolder(), 'in.csv', 'a,b,c\n1,2,3\n3,,4,\n5,6,7\n');
  expect(rows).toEqual([
    ['1', '2', '3'],
    ['5', '6', '7'],
  ]);
  expect(quarantined).toMatchObject([{ line: '3', reason: '4 fields where the header has 3' }]);
  const declared =
    ", auto_detect = false, header = true, delim = ',', strict_mode = true, store_rejects = true, columns = {'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}";
  expect(await duckdbAlone(path, declared)).toContainEqual({ a: '3', b: null, c: '4' });
});

test('UTF-16 is read as what it says, with its mark and without', async () => {
  for (const mark of ['\ufeff', '']) {
    const bytes = Buffer.from(`${mark}a,b\n1,ñ\n2,x\n`, 'utf16le');
    const loaded = await loadFile(await temporaryFolder(), 'in.csv', bytes);
    expect(loaded.rows).toEqual([
      ['1', 'ñ'],
      ['2', 'x'],
    ]);
    const alone = await duckdbAlone(loaded.path).catch(() => []);
    expect(alone).not.toContainEqual({ a: '1', b: 'ñ' });
  }
});

test('lines that begin with # do not vanish', async () => {
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', 'a,b\n#1,x\n2,y\n#3,z\n4,w\n');
  expect(column(loaded, 'a')).toEqual(['#1', '2', '#3', '4']);
  const noted = await loadFile(await temporaryFolder(), 'in.csv', '# note\na,b\n#1,x\n2,y\n#3,z\n4,w\n');
  expect(column(noted, 'a')).toEqual(['#1', '2', '#3', '4']);
  expect((await duckdbAlone(noted.path)).length).toBeLessThan(4);
});

test('a JSON number of more digits than a double has', async () => {
  const number = '12345678901234567.89';
  const loaded = await loadFile(await temporaryFolder(), 'in.jsonl', `{"a":1,"d":${number}}\n{"a":2,"d":1.5}\n`);
  expect(loaded.columns[1]).toMatchObject({ name: 'd', type: 'DECIMAL(38,2)' });
  expect(column(loaded, 'd')).toEqual([number, '1.50']);
  for (const columns of ['', ", columns = {a: 'BIGINT', d: 'DECIMAL(20,2)'}"]) {
    const [first] = await jsonAlone(loaded.path, columns);
    expect(String(first?.['d'])).not.toBe(number);
  }
});

test.each([
  ['NaN', '{"a":NaN}'],
  ['a comma behind the last member', '{"a":1,}'],
])('%s is no JSON', async (_, line) => {
  const { rows, quarantined, path } = await loadFile(
    await temporaryFolder(),
    'in.jsonl',
    `{"a":0}\n${line}\n{"a":2}\n`,
  );
  expect(rows).toEqual([['0'], ['2']]);
  expect(quarantined).toMatchObject([{ line: '2' }]);
  expect(await jsonAlone(path, ", format = 'newline_delimited'")).toHaveLength(3);
});

test('a column without any value exists, as text where no type is declared', async () => {
  const folder = await temporaryFolder();
  const csv = await loadFile(folder, 'in.csv', 'a,b\n1,\n2,\n');
  const json = await loadFile(folder, 'in.jsonl', '{"a":1,"b":null}\n{"a":2,"b":null}\n');
  const xml = await loadFile(folder, 'in.xml', '<l><r><a>1</a><b xsi:nil="true"/></r><r><a>2</a></r></l>');
  const written = await writeParquet(
    folder,
    'snappy',
    ['a', 'b'],
    [
      ['1', null],
      ['2', null],
    ],
  );
  const parquet = await loadFile(folder, 'in.parquet', written.bytes);
  for (const { columns, rows } of [csv, json, xml, parquet]) {
    expect(columns[1]).toMatchObject({ name: 'b', type: 'VARCHAR' });
    expect(rows).toEqual([
      ['1', null],
      ['2', null],
    ]);
  }
  // DuckDB has such columns too; in JSON their type is JSON, which no other database has.
  expect((await jsonAlone(json.path)).map(({ b }) => b)).toEqual([null, null]);
  const declared = await loadFile(folder, 'in.csv', 'a,b\n1,\n2,\n', {
    columns: (['a', 'b'] as const).map((name) => ({
      ...{ name, list: '', field: name, type: { kind: 'integer' }, required: false, formats: [] },
    })),
  });
  expect(declared.columns.map(({ type }) => type)).toEqual(['BIGINT', 'BIGINT']);
});

test('what decided the type of a column is told, with the line', async () => {
  const { report } = await loadFile(await temporaryFolder(), 'in.csv', 'a,b\n1,x\n007,y\n3,z\n');
  expect(report.tables[0]?.columns[0]).toMatchObject({ name: 'a', type: 'text', origin: 'inferred' });
  expect(report.tables[0]?.columns[0]?.ruledOut).toContainEqual({ kind: 'integer', line: 3 });
});

test('a column of numbers too long for 64 bits, and then a word: text, and no row is lost', async () => {
  const long = '123456789012345678901234.5';
  const bytes = Buffer.from(`n\n${`${long}\n`.repeat(80_000)}word\n`);
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', bytes);
  expect(loaded.result).toMatchObject({ read: 80_001, staged: 80_001, quarantined: 0 });
  expect(new Set(column(loaded, 'n'))).toEqual(new Set([long, 'word']));
});
