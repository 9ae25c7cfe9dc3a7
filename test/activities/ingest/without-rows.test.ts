import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { withScratchFolder } from '../../../activities/scratch-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { failureOf, ingestFiles, modes, type Ingested } from './ingest-files.ts';
import { writeExcel } from './written/write-excel.ts';

type Files = Parameters<typeof ingestFiles>[1];

async function take(
  files: Files,
  columns: Parameters<typeof ingestFiles>[2] = {},
  source: Parameters<typeof ingestFiles>[3] = {},
): Promise<Ingested> {
  return ingestFiles(await temporaryFolder(), files, columns, { ...modes('evolve'), ...source });
}

const columnTypes = ({ report }: Ingested): string[] | undefined =>
  report.tables[0]?.columns.map(({ name, type }) => `${name} ${type}`);

describe('files without rows', () => {
  test('a header makes columns of text', async () => {
    for (const source of [{}, { dialect: { header: true } }]) {
      const csv = await take({ 'a.csv': 'a,B b,c\n' }, {}, source);
      expect(csv.result).toMatchObject({ read: 0, staged: 0, quarantined: 0, parkedFiles: 0 });
      expect(csv.tables.orders).toEqual([]);
      expect(columnTypes(csv)).toEqual(['a text', 'b_b text', 'c text']);
    }
    const excel = await take({ 'a.xlsx': (await writeExcel(['a', 'b'], [])).bytes });
    expect(columnTypes(excel)).toEqual(['a text', 'b text']);
  });

  test('where a sheet has rows, a column between others that has neither name nor value is none', async () => {
    const excel = await take({ 'a.xlsx': (await writeExcel(['a', '', 'b'], [['1', null, null]])).bytes });
    expect(columnTypes(excel)).toEqual(['a integer', 'b text']);
  });

  test('also a header of which every line is broken', async () => {
    const ingested = await take({ 'a.csv': 'a,b,c\n1\n2\n' }, {}, { dialect: { header: true, delimiter: ',' } });
    expect(ingested.result).toMatchObject({ read: 2, staged: 0, quarantined: 2 });
    expect(columnTypes(ingested)).toEqual(['a text', 'b text', 'c text']);
  });

  test('what is declared keeps its type, and what the contract leaves out stays out', async () => {
    expect(columnTypes(await take({ 'a.csv': 'a,b\n' }, { b: 'integer' }))).toEqual(['b integer', 'a text']);
    const kept = await take({ 'a.csv': 'a,b\n' }, { b: 'integer' }, modes('discard-value'));
    expect(columnTypes(kept)).toEqual(['b integer']);
    expect(kept.report.leftOut).toEqual(['a']);
  });

  test('say nothing of types that another file shows', async () => {
    const excel = (await writeExcel(['a', 'b', 'e'], [])).bytes;
    const ingested = await take({ '1.csv': 'a,b,d\n', '2.xlsx': excel, '3.csv': 'a,c\n1,2024-01-01\n' });
    expect(columnTypes(ingested)).toEqual(['a integer', 'c date', 'b text', 'd text', 'e text']);
    expect(ingested.tables.orders).toMatchObject([{ a: '1', b: null, c: '2024-01-01' }]);
  });

  test('Parquet says its columns itself', async () => {
    const bytes = await withScratchFolder(async (folder) => {
      const path = join(folder, 'p.parquet');
      const query = `SELECT 1 AS id, 'x' AS name WHERE false`;
      await withSession(undefined, (session) => session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`));
      return readFile(path);
    });
    const ingested = await take({ 'a.parquet': bytes });
    expect(ingested.result).toMatchObject({ read: 0, parkedFiles: 0 });
    expect(columnTypes(ingested)).toEqual(['id integer', 'name text']);
  });

  test.each<[string, string, string]>([
    ['a.json', '[]', 'there is not one record'],
    ['a.jsonl', '\n', 'there is not one record'],
    ['a.xml', '<orders/>', 'there is not one record'],
    ['a.json', '[{},{}]', 'no record has a value of its own'],
  ])('%s %j has no columns, and no table can be made of it', async (name, text, why) => {
    expect(await failureOf(take({ [name]: text }))).toMatchObject({
      type: 'SourceEmpty',
      what: `The table orders has no columns: ${why}.`,
      remedy: 'leave it out, or add its columns to sources.orders.columns',
    });
  });

  test('records of nothing but a list: the list is what can be loaded', async () => {
    expect(await failureOf(take({ 'a.json': '[{"items":[{"q":1}]},{"items":[]}]' }))).toMatchObject({
      type: 'SourceEmpty',
      what: 'The table orders has no columns: no record has a value of its own.',
      remedy: "name the list inside, as in records: 'items'",
    });
  });

  test('an empty list is fine beside other files, and where columns are declared', async () => {
    const beside = await take({ 'a.json': '[]', 'b.json': '[{"id":1}]' });
    expect(beside.result).toMatchObject({ files: 2, read: 1, staged: 1, parkedFiles: 0 });
    const declared = await take({ 'a.json': '[]' }, { id: 'integer' });
    expect(declared.result).toMatchObject({ read: 0, parkedFiles: 0 });
    expect(columnTypes(declared)).toEqual(['id integer']);
  });
});
