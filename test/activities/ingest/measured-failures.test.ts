import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { duckdbAlone, ingestBytes } from './ingest-bytes.ts';

/** Each of these was measured to lose or change data in DuckDB's own reader; where it still does, the test shows it. */
test('25,000 rows of 1, then 1.7: not rounded to 2', async () => {
  const folder = await temporaryFolder();
  const text = `n\n${'1\n'.repeat(25_000)}1.7\n`;
  const { quarantined, result } = await ingestBytes(folder, text, { n: 'integer!' });
  expect(result).toMatchObject({ read: 25_001, staged: 25_000 });
  expect(quarantined).toMatchObject([{ line: '25002', value: '1.7', reason: 'n: not an integer' }]);
  const alone = await duckdbAlone(join(folder, 'in.csv'));
  expect(alone.at(-1)).toEqual({ n: '2' });
  const declared = await duckdbAlone(join(folder, 'in.csv'), ", columns = {'n': 'BIGINT'}");
  expect(declared.at(-1)).toEqual({ n: '2' });
});

test('007 stays 007 as a text, and is no integer', async () => {
  const folder = await temporaryFolder();
  const text = `code\n${'42\n'.repeat(25_000)}007\n`;
  const { staged } = await ingestBytes(folder, text, { code: 'text' });
  expect(staged.at(-1)).toMatchObject({ code: '007' });
  const { quarantined } = await ingestBytes(folder, text, { code: 'integer' });
  expect(quarantined).toMatchObject([{ line: '25002', value: '007', reason: 'code: not an integer' }]);
  const alone = await duckdbAlone(join(folder, 'in.csv'));
  expect(alone.at(-1)).toEqual({ code: '7' });
});

test('a date column with a time in it does not lose the time', async () => {
  const folder = await temporaryFolder();
  const text = `day\n${'2024-01-31\n'.repeat(25_000)}2024-02-01 10:20:30\n`;
  const { quarantined } = await ingestBytes(folder, text, { day: 'date!' });
  expect(quarantined).toMatchObject([{ line: '25002', value: '2024-02-01 10:20:30', reason: 'day: unreadable date' }]);
  const alone = await duckdbAlone(join(folder, 'in.csv'), ", columns = {'day': 'DATE'}");
  expect(alone.at(-1)).toEqual({ day: '2024-02-01' });
});

test('a file of three lines with a;b in it keeps its rows', async () => {
  const folder = await temporaryFolder();
  const { staged } = await ingestBytes(folder, 'x\ny\na;b\n', { x: 'text' });
  expect(staged).toMatchObject([{ x: 'y' }, { x: 'a;b' }]);
  expect(await duckdbAlone(join(folder, 'in.csv'))).toEqual([]);
});

test('100 rows of two fields, then 29,900 of three: none vanishes', async () => {
  const folder = await temporaryFolder();
  const text = `a,b\n${'1,2\n'.repeat(100)}${'3,4,5\n'.repeat(29_900)}`;
  const { result } = await ingestBytes(folder, text, { a: 'integer', b: 'integer' });
  expect(result).toMatchObject({
    read: 30_000,
    staged: 100,
    reasons: [{ reason: '3 fields where the header has 2', rows: 29_900 }],
  });
  const alone = await duckdbAlone(join(folder, 'in.csv'));
  expect(Object.keys(alone[0] ?? {})).not.toContain('a');
  expect(alone).toHaveLength(29_900);
});

test('3,,4, under the header a,b,c is no row of three', async () => {
  const folder = await temporaryFolder();
  const { quarantined } = await ingestBytes(folder, 'a,b,c\n1,2,3\n3,,4,\n', { a: 'text', b: 'text', c: 'text' });
  expect(quarantined).toMatchObject([{ line: '3', reason: '4 fields where the header has 3', record: '3,,4,' }]);
  const declared =
    ", auto_detect = false, header = true, delim = ',', quote = '\"', strict_mode = true, columns = {'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}";
  expect((await duckdbAlone(join(folder, 'in.csv'), declared)).at(-1)).toEqual({ a: '3', b: null, c: '4' });
});

test('lines that start with # are records', async () => {
  const folder = await temporaryFolder();
  const text = '# note\na,b\n#1,x\n2,y\n#3,z\n4,w\n';
  const { staged } = await ingestBytes(folder, text.slice(text.indexOf('a,b')), { a: 'text', b: 'text' });
  expect(staged.map(({ a }) => a)).toEqual(['#1', '2', '#3', '4']);
  await writeFile(join(folder, 'noted.csv'), text);
  expect((await duckdbAlone(join(folder, 'noted.csv'))).length).toBeLessThan(4);
});

test('UTF-16 is read as what it says, not as NUL garbage', async () => {
  const folder = await temporaryFolder();
  const bytes = Buffer.from('a,b\n1,ñ\n', 'utf16le');
  const { staged } = await ingestBytes(folder, bytes, { a: 'text', b: 'text' });
  expect(staged).toMatchObject([{ a: '1', b: 'ñ' }]);
  const declared = ", auto_detect = false, header = false, delim = ',', columns = {'a': 'VARCHAR', 'b': 'VARCHAR'}";
  const garbage = await duckdbAlone(join(folder, 'in.csv'), declared).catch(() => []);
  expect(garbage).not.toContainEqual({ a: '1', b: 'ñ' });
});

test('17 digits and two decimals are what was written', async () => {
  const { staged } = await ingestBytes(await temporaryFolder(), 'd\n12345678901234567.89\n', { d: 'decimal(20,2)' });
  expect(staged).toMatchObject([{ d: '12345678901234567.89' }]);
});
