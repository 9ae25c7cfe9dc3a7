import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { column, layoutOf, readFileRows } from '../xml/file-rows.ts';
import { makeWorkbook, rowsOf, type Workbook } from './make-workbook.ts';

const EXCEL = { kind: 'excel', sheet: '', header: true } as const;

describe('what cannot be believed is refused', () => {
  const S = { name: 'S', rows: rowsOf(['a'], [1]) };
  test.each<[string, string, Workbook]>([
    ['a malformed sheet', 'SourceCorrupt', { sheets: [{ ...S, rows: '<row r="1"><c r="A1"></row>' }] }],
    ['rows out of order', 'SourceCorrupt', { sheets: [{ ...S, rows: '<row r="2"/><row r="1"/>' }] }],
    [
      'two cells in one place',
      'SourceCorrupt',
      { sheets: [{ ...S, rows: '<row r="1"><c r="A1"/><c r="A1"/></row>' }] },
    ],
    ['a row beyond what sheets have', 'SourceCorrupt', { sheets: [{ ...S, rows: '<row r="1048577"/>' }] }],
    [
      'a column beyond what sheets have',
      'SourceCorrupt',
      { sheets: [{ ...S, rows: '<row r="1"><c r="XFE1"/></row>' }] },
    ],
    ['no sheet', 'SourceCorrupt', { sheets: [] }],
    [
      'entities',
      'SourceRefused',
      { sheets: [S], parts: { 'xl/sharedStrings.xml': '<!DOCTYPE sst [<!ENTITY a "b">]><sst/>' } },
    ],
    ['a binary workbook', 'SourceWrongType', { sheets: [S], parts: { 'xl/workbook.bin': '' } }],
    [
      'another document',
      'SourceWrongType',
      { sheets: [S], parts: { mimetype: 'application/vnd.oasis.opendocument.spreadsheet' } },
    ],
  ])('%s', async (_, type, workbook) => {
    await expect(readFileRows(await makeWorkbook(workbook), EXCEL, layoutOf(column('a')))).rejects.toMatchObject({
      type,
    });
  });

  test.each<[string, string, (whole: Buffer) => Buffer]>([
    ['cut off', 'SourceCorrupt', (whole) => whole.subarray(0, whole.length - 30)],
    ['text', 'SourceCorrupt', () => Buffer.from('a,b\n1,2\n')],
    [
      'an old workbook',
      'SourceWrongType',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)]),
    ],
    [
      'with a password',
      'SourceWrongType',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
    ],
  ])('%s', async (about, type, change) => {
    const path = join(await temporaryFolder(), 'in.xlsx');
    writeFileSync(path, change(readFileSync(await makeWorkbook({ sheets: [S] }))));
    const read = readFileRows(path, EXCEL, layoutOf(column('a')));
    await expect(read).rejects.toMatchObject({
      type,
      ...(about === 'with a password' ? { what: expect.stringContaining('password') as unknown } : {}),
    });
  });
});
