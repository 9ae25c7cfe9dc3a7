import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { promisedByName } from '../../../../activities/files/file-format.ts';
import { settleFormat } from '../../../../activities/ingest/files/settle-format.ts';
import { sniffFile, type Sniffed } from '../../../../activities/ingest/files/sniff.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { failing, failureOf } from './failing.ts';
import { rawZip } from './raw-zip.ts';

async function sniff(bytes: Uint8Array | string): Promise<Sniffed> {
  const path = join(await temporaryFolder(), 'x');
  await writeFile(path, bytes);
  return sniffFile(path, 'x');
}

async function parquetFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'x.parquet');
  await withSession(undefined, (session) => session.run(`COPY (SELECT 1 AS a) TO ${literal(path)} (FORMAT parquet)`));
  return path;
}

async function workbook(): Promise<string> {
  const path = join(await temporaryFolder(), 'x.xlsx');
  await writeXlsxFile([[{ value: 'a' }], [{ value: 1, type: Number }]]).toFile(path);
  return path;
}

test('how it is packed', async () => {
  expect(await sniff(gzipSync('a'))).toMatchObject({ compression: 'gzip', formats: [] });
  expect(await sniff(Buffer.from('28b52ffd', 'hex'))).toMatchObject({ compression: 'zstd' });
  expect(await sniff(Buffer.from('502a4d18', 'hex'))).toMatchObject({ compression: 'zstd' });
  expect(await sniff(rawZip({ name: 'a.csv' }))).toMatchObject({ compression: 'zip' });
  expect(await sniff(rawZip())).toMatchObject({ compression: 'zip' });
});

test('Parquet and Excel', async () => {
  expect(await sniffFile(await parquetFile(), 'x')).toEqual({ compression: 'none', formats: ['parquet'], sure: true });
  expect(await sniffFile(await workbook(), 'x')).toEqual({ compression: 'none', formats: ['excel'], sure: true });
  expect(await failureOf(sniff(Buffer.from('PAR1\x15\x04\x15\0\0\0\0\0')))).toEqual(
    failing('SourceCorrupt', 'has no end'),
  );
  expect((await sniff('PAR1,PAR2\n1,2\n')).formats[0]).toBe('csv');
  expect(await failureOf(sniff(Buffer.from('PK\x03\x04xxxxxxxxxxxxxxxxxxxxxxxxxxx')))).toEqual(
    failing('SourceCorrupt', 'zip archive'),
  );
});

describe('text', () => {
  test.each([
    ['a JSON list over lines', '[\n {"a": 1},\n {"a": 2}\n]\n', ['json'], true],
    ['a JSON object over lines', '{\n "a": [1,\n 2]}', ['json'], true],
    ['a JSON list on one line', '[{"a":1},{"a":2}]', ['json', 'jsonl'], false],
    ['one object', '{"a":1}\n', ['json', 'jsonl'], false],
    ['an object longer than the head', `{"a":"${'x'.repeat(70_000)}"}`, ['json', 'jsonl'], false],
    ['JSON Lines', '{"a":1}\n{"a":"}{"}\n', ['jsonl'], true],
    ['JSON Lines with a mark and blank lines', '\ufeff{"a":1}\r\n\r\n{"a":2}', ['jsonl'], true],
    ['lists, one a line', '[1,2]\n[3,4]\n', ['jsonl'], true],
    ['XML', '<?xml version="1.0"?><a/>', ['xml'], true],
    ['XML without a declaration', '  <orders xmlns="x"><o/></orders>', ['xml'], true],
    ['CSV', 'a,b\n1,2\n', ['csv', 'jsonl', 'json', 'xml'], false],
    ['CSV with brackets', '[id],[name]\n1,2\n', ['csv', 'jsonl', 'json', 'xml'], false],
    ['CSV that begins with "<"', '<5,>5\n1,2\n', ['csv', 'jsonl', 'json', 'xml'], false],
    ['CSV that begins as bzip2 does', 'BZh9,b\n', ['csv', 'jsonl', 'json', 'xml'], false],
  ])('%s', async (_, text, formats, sure) => {
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
    ]) {
      expect(await sniff(bytes)).toEqual({ compression: 'none', formats, sure });
    }
  });
});

test.each([
  ['bzip2', Buffer.from('425a6839314159265359', 'hex'), 'bzip2 -d'],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), 'xz -d'],
  ['7z', Buffer.from('377abcaf271c0004', 'hex'), '7z x'],
  ['RAR', Buffer.from('526172211a0700', 'hex'), 'zip'],
  ['LZ4', Buffer.from('04224d186440', 'hex'), 'lz4 -d'],
  ['tar', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\x0000')]), 'unpack'],
  ['old Office document', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'xlsx'],
  ['PDF', Buffer.from('%PDF-1.7\n'), 'export'],
  ['SQLite', Buffer.from('SQLite format 3\0xxxx'), 'export'],
  ['PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'export'],
  ['JPEG', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'export'],
  ['ELF', Buffer.from('\x7fELF\x02', 'latin1'), 'export'],
  ['Avro', Buffer.from('Obj\x01xx'), 'export'],
  ['encrypted Parquet', Buffer.from('PARE....PARE'), 'encryption'],
  ['Word', rawZip({ name: 'word/document.xml' }), 'xlsx'],
  ['OpenDocument', rawZip({ name: 'META-INF/manifest.xml' }), 'xlsx'],
  ['UTF-32', Buffer.from('fffe000041000000', 'hex'), 'iconv'],
  ['NUL bytes', Buffer.alloc(1_000), 'export'],
  ['HTML page', Buffer.from('<!DOCTYPE html><html>'), 'browser'],
])('what is refused: %s', async (word, bytes, remedy) => {
  const sniffed = await sniff(bytes);
  expect(sniffed).toMatchObject({ formats: [], refusal: { what: expect.stringContaining(word) as unknown } });
  expect(() => settleFormat('csv', 'x.csv', sniffed)).toThrow(
    new RegExp(`Expected delimited text.*found .*${word}[^]*to do:.*${remedy}`),
  );
});

test('what a name promises', () => {
  expect(promisedByName('a/b.c/Orders.JSONL.gz')).toEqual({ format: 'jsonl', compression: 'gzip' });
  expect(promisedByName('x.zip!in/y.tsv')).toEqual({ format: 'csv', compression: undefined });
  expect(promisedByName('x.csv.zst')).toEqual({ format: 'csv', compression: 'zstd' });
  expect(promisedByName('orders')).toEqual({ format: undefined, compression: undefined });
});

describe('the format', () => {
  const settle = async (
    declared: Parameters<typeof settleFormat>[0],
    name: string,
    content: string,
  ): Promise<unknown> => settleFormat(declared, name, await sniff(content));

  test('by content where that is plain, with a warning where the name says something else', async () => {
    expect(await settle('auto', 'x.json', '{"a":1}\n{"a":2}\n')).toEqual({
      format: 'jsonl',
      warnings: ['its name says a JSON document, its content is JSON Lines and is read as such'],
    });
    expect(await settle('auto', 'x.csv', '<a><b/></a>')).toMatchObject({
      format: 'xml',
      warnings: [expect.any(String)],
    });
    expect(await settle('auto', 'x.csv', '{"a":1}')).toMatchObject({ format: 'json', warnings: [expect.any(String)] });
    expect(settleFormat('auto', 'x.csv', await sniffFile(await parquetFile(), 'x'))).toMatchObject({
      format: 'parquet',
      warnings: [expect.any(String)],
    });
    expect(await settle('auto', 'x.txt', '{"a":1}\n{"a":2}\n')).toEqual({ format: 'jsonl', warnings: [] });
    expect(await settle('auto', 'export', '{"a":1}\n{"a":2}\n')).toEqual({ format: 'jsonl', warnings: [] });
  });

  test('by the name where content leaves it open', async () => {
    expect(await settle('auto', 'x.jsonl', '{"a":1}')).toEqual({ format: 'jsonl', warnings: [] });
    expect(await settle('auto', 'x.json', '{"a":1}')).toEqual({ format: 'json', warnings: [] });
    expect(await settle('auto', 'x.json', '17\n')).toEqual({ format: 'json', warnings: [] });
    expect(await settle('auto', 'x', 'a,b\n')).toEqual({ format: 'csv', warnings: [] });
  });

  test('as declared, unless the content is plainly something else', async () => {
    expect(await settle('csv', 'x.json', 'a,b\n')).toEqual({ format: 'csv', warnings: [] });
    expect(await settle('jsonl', 'x.txt', '{"a":1}')).toEqual({ format: 'jsonl', warnings: [] });
    await expect(settle('csv', 'x.csv', '{"a":1}\n{"a":2}\n')).rejects.toEqual(
      failing('SourceWrongType', 'Expected delimited text', 'found JSON Lines', "format: 'jsonl'"),
    );
    await expect(settle('jsonl', 'x', '[\n{"a":1}\n]')).rejects.toEqual(
      failing('SourceWrongType', 'found a JSON document'),
    );
    await expect(settle('parquet', 'x.parquet', 'a,b\n')).rejects.toEqual(
      failing('SourceWrongType', 'Expected a Parquet file'),
    );
    await expect(settle('auto', 'x.xlsx', 'a,b\n')).rejects.toEqual(failing('SourceWrongType', 'Excel', 'found text'));
    const excel = await sniffFile(await workbook(), 'x');
    expect(settleFormat('excel', 'x.csv', excel)).toEqual({ format: 'excel', warnings: [] });
    expect(() => settleFormat('csv', 'x.csv', excel)).toThrow('found an Excel workbook');
  });
});
