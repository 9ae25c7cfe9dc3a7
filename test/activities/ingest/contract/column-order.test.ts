import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { withScratchFolder } from '../../../../activities/scratch-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { writeExcel } from '../written/write-excel.ts';
import { ingestFiles, modes } from '../ingest-files.ts';

const DECLARED = { price: 'decimal(10,2)', Id: 'integer' };

async function order(
  files: Parameters<typeof ingestFiles>[1],
  source: Parameters<typeof ingestFiles>[3] = { columnOrder: 'files' },
): Promise<string[]> {
  const { tables } = await ingestFiles(await temporaryFolder(), files, DECLARED, { ...modes('evolve'), ...source });
  return Object.keys(tables.orders?.[0] ?? {}).filter((name) => !name.startsWith('_'));
}

const CSV = 'id,name,price,sold\n1,x,2.5,2024-01-01\n';

test.each<[string, () => Promise<Buffer> | string]>([
  ['a.csv', () => CSV],
  ['a.xlsx', async () => (await writeExcel(['id', 'name', 'price', 'sold'], [['1', 'x', '2.5', '']])).bytes],
  [
    'a.parquet',
    () =>
      withScratchFolder(async (folder) => {
        const path = join(folder, 'p.parquet');
        const query = `SELECT 1 AS "Id", 'x' AS name, 2.5 AS price, DATE '2024-01-01' AS sold`;
        await withSession(undefined, (session) => session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`));
        return readFile(path);
      }),
  ],
])('columns of which some are declared stand as the file has them: %s', async (name, bytes) => {
  expect(await order({ [name]: await bytes() })).toEqual(['Id', 'name', 'price', 'sold']);
});

test('as the first file has them; what only others have, and what none has, comes behind', async () => {
  const files = { 'a.csv': 'name,price\nx,1\n', 'b.csv': 'extra,price,name\ny,2,z\n' };
  expect(await order(files)).toEqual(['name', 'price', 'Id', 'extra']);
  expect(await order({ 'a.csv': 'name,price\n', 'b.csv': 'extra,price,name\ny,2,z\n' })).toEqual([
    'name',
    'price',
    'Id',
    'extra',
  ]);
});

test('where nothing else is asked for, the contract says the order', async () => {
  expect(await order({ 'a.csv': CSV }, {})).toEqual(['price', 'Id', 'name', 'sold']);
});
