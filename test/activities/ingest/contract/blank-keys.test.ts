import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { withScratchFolder } from '../../../../activities/scratch-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { writeExcel } from '../written/write-excel.ts';
import type { Row } from '../ingest-bytes.ts';
import { failureOf, ingestFiles, modes, type Ingested } from '../ingest-files.ts';

const BLANK = 'blank where a value is required';

/** The same three records; the second has no `id`. */
const FILES: Readonly<Record<string, () => Promise<Buffer> | string>> = {
  'a.csv': () => 'id,name,qty\n1,x,1\n,aa,1\n10,zz,2\n',
  'a.json': () => '[{"id":1,"name":"x","qty":1},{"id":null,"name":"aa","qty":1},{"id":10,"name":"zz","qty":2}]',
  'a.jsonl': () => '{"id":1,"name":"x","qty":1}\n{"name":"aa","qty":1}\n{"id":10,"name":"zz","qty":2}\n',
  'a.xml': () => {
    const records = ['<id>1</id><name>x</name>', '<id/><name>aa</name>', '<id>10</id><name>zz</name>'];
    return `<all>${records.map((record) => `<one>${record}<qty>1</qty></one>`).join('')}</all>`;
  },
  'a.xlsx': async () => {
    const rows = [
      ['1', 'x', '1'],
      ['', 'aa', '1'],
      ['10', 'zz', '2'],
    ];
    return (await writeExcel(['id', 'name', 'qty'], rows)).bytes;
  },
  'a.parquet': () =>
    withScratchFolder(async (folder) => {
      const path = join(folder, 'p.parquet');
      const rows = `VALUES (1, 'x', 1), (NULL, 'aa', 1), (10, 'zz', 2)`;
      const query = `SELECT * FROM (${rows}) AS t(id, name, qty)`;
      await withSession(undefined, (session) => session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`));
      return readFile(path);
    }),
};

const column = ({ tables }: Ingested, name: string): unknown[] => (tables.orders ?? []).map((row) => row[name]);
const told = ({ quarantined }: Ingested): Row[] =>
  quarantined.map(({ file, line, column: of, reason, kept }) => ({ file, line, column: of, reason, kept }));

async function take(
  files: Readonly<Record<string, Buffer | string>>,
  source: Parameters<typeof ingestFiles>[3],
  columns: Parameters<typeof ingestFiles>[2] = {},
): Promise<Ingested> {
  return ingestFiles(await temporaryFolder(), files, columns, { key: ['id'], ...modes('evolve'), ...source });
}

describe('a row without its key is quarantined, and the others are loaded', () => {
  test.each(Object.keys(FILES))('of types that are found out: %s', async (name) => {
    const ingested = await take({ [name]: await FILES[name]!() }, {});
    expect(column(ingested, 'id').map(String)).toEqual(['1', '10']);
    expect(ingested.result).toMatchObject({ read: 3, staged: 2, quarantined: 1 });
    expect(ingested.quarantined).toMatchObject([{ file: name, column: 'id', reason: `id: ${BLANK}`, kept: false }]);
    expect(ingested.report.tables[0]?.columns[0]).toMatchObject({ name: 'id', type: 'integer!' });
  });

  test.each(['evolve', 'discard-row', 'discard-value'] as const)('declared without `!`: %s', async (mode) => {
    const text = 'id,qty\n1,1\n,2\n3,\n';
    const ingested = await take({ 'a.csv': text }, modes(mode), { id: 'integer', qty: 'integer' });
    expect(column(ingested, 'id')).toEqual(['1', '3']);
    expect(told(ingested)).toEqual([{ file: 'a.csv', line: '3', column: 'id', reason: `id: ${BLANK}`, kept: false }]);
  });

  test('where the contract freezes types, a blank key breaks it', async () => {
    const frozen = take({ 'a.csv': 'id,qty\n1,1\n,2\n' }, modes('freeze'), { id: 'integer', qty: 'integer' });
    expect(await failureOf(frozen)).toMatchObject({
      type: 'ContractBreach',
      what: `One row does not keep to the contract; the first: id: ${BLANK}.`,
      where: 'a.csv:3',
    });
  });

  test('where values that do not fit are left out, the key cannot be', async () => {
    const ingested = await take({ 'a.csv': 'id,qty\n1,1\nx,2\n3,y\n' }, modes('discard-value'), {
      id: 'integer',
      qty: 'integer',
    });
    expect(column(ingested, 'id')).toEqual(['1', '3']);
    expect(told(ingested)).toMatchObject([
      { line: '3', column: 'id', kept: false },
      { line: '4', column: 'qty', kept: true },
    ]);
  });

  test('each column of a key of several', async () => {
    const ingested = await take({ 'a.csv': 'a,b,c\n1,x,1\n1,,2\n,x,3\n1,x,4\n2,x,5\n' }, { key: ['a', 'b'] });
    expect(column(ingested, 'c')).toEqual(['1', '5']);
    expect(ingested.quarantined).toMatchObject([
      { line: '3', column: 'b', reason: `b: ${BLANK}` },
      { line: '4', column: 'a', reason: `a: ${BLANK}` },
      { line: '5', reason: 'duplicate a, b' },
    ]);
  });

  test('spaces are no key, nor is an empty text', async () => {
    const ingested = await take({ 'a.csv': 'id,n\nk,1\n"",2\n"  ",3\n' }, {});
    expect(column(ingested, 'id')).toEqual(['k']);
    expect(told(ingested)).toMatchObject([{ line: '3' }, { line: '4' }]);
  });

  test('with the lists inside of it', async () => {
    const text = '{"id":1,"items":[{"q":1}]}\n{"items":[{"q":2},{"q":3}]}\n{"id":4,"items":[]}\n';
    const ingested = await take({ 'a.jsonl': text }, {});
    expect(column(ingested, 'id')).toEqual(['1', '4']);
    expect(ingested.tables.orders_items?.map(({ _parent: parent, q }) => [parent, q])).toEqual([['1', '1']]);
    expect(told(ingested)).toMatchObject([{ line: '2', column: 'id' }]);
  });

  test('whose type is widened, or is cast late', async () => {
    const widened = await take({ 'a.csv': 'id,n\n1,1\n,2\nx,3\n' }, {});
    expect(column(widened, 'id')).toEqual(['1', 'x']);
    const columns = { id: { type: 'date', formats: ['DD/MM/YYYY'] }, n: 'integer' };
    const late = await take({ 'a.csv': 'id,n\n31/12/2024,1\n,2\n01/01/2025,3\n' }, {}, columns);
    expect(column(late, 'id')).toEqual(['2024-12-31', '2025-01-01']);
    expect([widened, late].map(told)).toMatchObject([[{ line: '3', column: 'id' }], [{ line: '3', column: 'id' }]]);
  });

  test('because its file has no such column, declared or not', async () => {
    const files = { 'a.csv': 'id,n\n1,1\n', 'b.csv': 'n\n2\n3\n' };
    const found = await take(files, {});
    expect(column(found, 'n')).toEqual(['1']);
    expect(told(found)).toMatchObject([
      { file: 'b.csv', line: '2', column: 'id', reason: `id: ${BLANK}` },
      { file: 'b.csv', line: '3' },
    ]);
    for (const id of ['integer', { type: 'date', formats: ['DD/MM/YYYY'] }]) {
      const declared = await take({ ...files, 'a.csv': 'id,n\n,1\n' }, {}, { id, n: 'integer' });
      expect(told(declared)).toMatchObject([
        { file: 'a.csv', reason: `id: ${BLANK}` },
        { file: 'b.csv', line: '2', column: 'id', reason: 'id: the file has no such column' },
        { file: 'b.csv', line: '3' },
      ]);
    }
  });
});
