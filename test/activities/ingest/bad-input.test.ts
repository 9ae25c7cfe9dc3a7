import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { withScratchFolder } from '../../../activities/scratch-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { Columns } from './ingest-bytes.ts';
import { ingestFiles, modes } from './ingest-files.ts';

const COLUMNS: Columns = { id: 'integer', city: 'text' };
const CONTRACT = modes('discard-row', { newColumns: 'discard-value', missingColumns: 'evolve' });
const GOOD = { 'z.csv': 'id,city\n70,good\n71,good\n' };
const NINES = '9'.repeat(400);
const LIST = (rows: number): string => Array.from({ length: rows }, (_, n) => `${n},"city ${n}"\n`).join('');

describe('a broken line costs that line, with its place; the file goes on', () => {
  test.each<[string, string, string | Buffer, { staged: string[]; lost: [line: number, reason: string][] }]>([
    [
      'a CSV cut off inside a row',
      'a.csv',
      'id,city\n1,a\n2',
      { staged: ['1'], lost: [[3, '1 field where the header has 2']] },
    ],
    [
      'a CSV cut off inside quotes',
      'a.csv',
      'id,city\n1,"a"\n2,"b',
      { staged: ['1'], lost: [[3, 'quote is never closed']] },
    ],
    [
      'rows of several widths',
      'a.csv',
      'id,city\n1,a\n2,b,c\n3\n3,,4,\n4,d\n',
      {
        staged: ['1', '4'],
        lost: [
          [3, '3 fields where the header has 2'],
          [4, '1 field where the header has 2'],
          [5, '4 fields where the header has 2'],
        ],
      },
    ],
    [
      'quotes that do not fit',
      'a.csv',
      'id,city\n1,a"b\n2,"c"d\n3,e\n',
      {
        staged: ['3'],
        lost: [
          [2, 'quote inside an unquoted field'],
          [3, 'text after a closing quote'],
        ],
      },
    ],
    ['NUL', 'a.csv', 'id,city\n1,a\0b\n2,b\n3,ccccccccccccc\n', { staged: ['2', '3'], lost: [[2, 'NUL byte']] }],
    [
      'bytes that are not UTF-8',
      'a.csv',
      Buffer.concat([Buffer.from('id,city\n1,é\n2,'), Buffer.from([0xff, 0xfe]), Buffer.from('\n3,ñ\n')]),
      { staged: ['1', '3'], lost: [[3, 'not UTF-8']] },
    ],
    [
      'a CSV number of 400 digits',
      'a.csv',
      `id,city\n${NINES},a\n1,b\n`,
      { staged: ['1'], lost: [[2, 'id: integer beyond 64 bits']] },
    ],
    [
      'a JSON number of 400 digits',
      'a.jsonl',
      `{"id":${NINES}}\n{"id":1}\n`,
      { staged: ['1'], lost: [[1, 'id: integer beyond 64 bits']] },
    ],
    [
      'a key that stands twice',
      'a.jsonl',
      '{"id":1}\n{"id":2,"city":"b","city":"c"}\n{"id":3}\n',
      { staged: ['1', '3'], lost: [[2, 'key "city" stands twice (byte 21 of the record)']] },
    ],
    [
      'the same key in two spellings',
      'a.jsonl',
      '{"id":1}\n{"id":2,"city":"b","c\\u0069ty":"c"}\n',
      { staged: ['1'], lost: [[2, 'stands twice (byte 21 of the record)']] },
    ],
    [
      'JSON Lines cut off inside a record',
      'a.jsonl',
      '{"id":1}\n{"id":2,"ci',
      { staged: ['1'], lost: [[2, 'a control character, or the end, inside a string (byte 12 of the record)']] },
    ],
    [
      'a depth bomb in JSON Lines',
      'a.jsonl',
      `{"id":1}\n{"city":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n{"city":${'{"a":'.repeat(50_000)}\n{"id":4}\n`,
      {
        staged: ['1', '4'],
        lost: [
          [2, 'nested too deeply'],
          [3, 'nested too deeply'],
        ],
      },
    ],
  ])('%s', async (_, name, bytes, { staged, lost }) => {
    const ingested = await ingestFiles(await temporaryFolder(), { [name]: bytes, ...GOOD }, COLUMNS, CONTRACT);
    expect(ingested.tables.orders?.map(({ id }) => id)).toEqual([...staged, '70', '71']);
    expect(ingested.quarantined).toMatchObject(
      lost.map(([line, reason]) => {
        return { file: name, line: String(line), reason: expect.stringContaining(reason) as unknown, kept: false };
      }),
    );
    const { read, staged: kept, quarantined, parkedFiles } = ingested.result;
    expect([read, kept, quarantined, parkedFiles]).toEqual([
      staged.length + lost.length + 2,
      staged.length + 2,
      lost.length,
      0,
    ]);
  });

  test('a quote that nothing closes, among fields without any, is part of its value, and told', async () => {
    const text = `id,city\n1,"a\n2,b\n${LIST(50).replaceAll('"', '')}`;
    const { result, tables } = await ingestFiles(await temporaryFolder(), { 'a.csv': text }, COLUMNS, CONTRACT);
    expect([result.read, result.staged, tables.orders?.[0]?.city]).toEqual([52, 52, '"a']);
    const told = result.guards.find(({ name }) => name === 'orders: reading')?.detail;
    expect(told).toContain('a.csv: a quote stands where none can be, so nothing is taken as quoted');
  });

  test('reasons are counted without the byte they point to', async () => {
    const text = '{"id":1,"id":2}\n{"city":"long","id":1,"id":2}\n';
    const { result } = await ingestFiles(await temporaryFolder(), { 'a.jsonl': text }, COLUMNS, CONTRACT);
    expect(result.reasons).toEqual([{ reason: 'key "id" stands twice', rows: 2 }]);
  });
});

describe('a broken container costs that file; the others go on, and the run names it', () => {
  let parquet: Buffer;
  beforeAll(async () => {
    parquet = await withScratchFolder(async (folder) => {
      const path = join(folder, 'p.parquet');
      await withSession(undefined, (session) =>
        session.run(`COPY (SELECT range AS id, 'x' || range AS city FROM range(1000)) TO ${literal(path)}`),
      );
      return readFile(path);
    });
  });
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    const index = at < 0 ? bytes.length + at : at;
    copy[index] = (copy[index] ?? 0) ^ 0xff;
    return copy;
  };

  test.each<[string, string, () => string | Buffer, string, string]>([
    ['a gz that ends early', 'a.csv.gz', () => gzipSync(LIST(5_000)).subarray(0, 3_000), 'SourceCorrupt', 'ends early'],
    ['a gz whose sum is wrong', 'a.csv.gz', () => flipped(gzipSync(LIST(5_000)), -6), 'SourceCorrupt', 'damaged'],
    ['a Parquet without its end', 'a.parquet', () => parquet.subarray(0, -20), 'SourceCorrupt', 'has no end'],
    [
      'a Parquet whose footer is longer than it',
      'a.parquet',
      () => Buffer.concat([parquet.subarray(0, -8), Buffer.from([0xff, 0xff, 0xff, 0x7f]), Buffer.from('PAR1')]),
      'SourceCorrupt',
      'footer',
    ],
    [
      'a Parquet whose footer is noise',
      'a.parquet',
      () => Buffer.concat([parquet.subarray(0, -60), Buffer.alloc(52, 0xaa), parquet.subarray(-8)]),
      'SourceCorrupt',
      '',
    ],
    [
      'a Parquet whose pages are noise',
      'a.parquet',
      () => Buffer.from(parquet).fill(0xaa, 40, 400),
      'SourceCorrupt',
      '',
    ],
    ['a CSV that is called JSON', 'a.json', () => 'id,city\n1,x\n', 'SourceCorrupt', 'a.json:1'],
    ['a CSV that is called Parquet', 'a.parquet', () => 'id,city\n1,x\n', 'SourceWrongType', ''],
    ['a picture', 'a.csv', () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'SourceWrongType', 'PNG'],
    ['a JSON document cut off', 'a.json', () => '[{"id":1},{"id":2,"ci', 'SourceCorrupt', 'a.json:1:22'],
    ['a depth bomb of a JSON document', 'a.json', () => '['.repeat(1_000_000), 'SourceCorrupt', 'a.json:1'],
    [
      'an XML with an undeclared entity',
      'a.xml',
      () => '<r><o><id>1</id></o><o><id>&foo;</id></o></r>',
      'SourceCorrupt',
      'undefined entity',
    ],
    ['an XML cut off', 'a.xml', () => '<r><o><id>1</id></o><o><id>2</i', 'SourceCorrupt', 'a.xml:1'],
    ['an XML with NUL', 'a.xml', () => '<r><o><id>1\0</id></o><o><id>2</id></o></r>', 'SourceCorrupt', 'a.xml:1'],
    [
      'a depth bomb of an XML',
      'a.xml',
      () => `<r><o><id>1</id></o><o>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</o></r>`,
      'SourceRefused',
      'a.xml:1',
    ],
    [
      'an XML bomb',
      'a.xml',
      () => '<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><r><o>&b;</o><o/></r>',
      'Source',
      '',
    ],
  ])('%s', async (_, name, bytes, type, words) => {
    const { result, tables } = await ingestFiles(
      await temporaryFolder(),
      { [name]: bytes(), ...GOOD },
      COLUMNS,
      CONTRACT,
    );
    expect(tables.orders).toMatchObject([{ id: '70' }, { id: '71' }]);
    expect(result).toMatchObject({ read: 2, staged: 2, quarantined: 0, files: 1, parkedFiles: 1 });
    expect(result.parked[0]?.name).toBe(name);
    expect(result.parked[0]?.error.type).toContain(type);
    expect(result.parked[0]?.error.message).toContain(words);
  });
});

describe('a name that says the wrong thing of content that is clear', () => {
  test('is told, and the content is read', async () => {
    const { result, tables } = await ingestFiles(
      await temporaryFolder(),
      {
        'a.csv': '[{"id":1,"city":"x"}]',
        'b.csv': gzipSync('id,city\n2,y\n'),
        'c.txt': '<r><o><id>3</id></o><o><id>4</id></o></r>',
      },
      COLUMNS,
      CONTRACT,
    );
    expect(tables.orders?.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    const told = result.guards.find(({ name }) => name === 'orders: reading')?.detail;
    expect(told).toContain(
      'a.csv: its name says delimited text (CSV), its content is a JSON document and is read as such',
    );
  });
});
