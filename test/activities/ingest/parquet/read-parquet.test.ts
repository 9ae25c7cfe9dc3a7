import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { AcequiaError, type FailureType } from '../../../../activities/failure/acequia-error.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { columnsOf, layoutFrom, look, NOTHING_KNOWN, readRowsOf, writeParquet, type Row } from './read-rows-of.ts';

const plain = (rows: readonly Row[] | undefined): Row[] =>
  (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));

describe('types as the file has them', () => {
  test('are kept, exactly, and what has no type of its own here is text', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(
      folder,
      `SELECT 9223372036854775807::BIGINT AS big, 18446744073709551615::UBIGINT AS unsigned, 255::UTINYINT AS tiny,
        12345678901234567.89::DECIMAL(19,2) AS wide, 1.50::DECIMAL(9,2) AS price, 0.1::DOUBLE AS d, 0.1::FLOAT AS f, true AS yes,
        DATE '2024-02-29' AS day, TIMESTAMP '2024-01-01 10:00:00.123456' AS at, TIMESTAMPTZ '2024-01-01 10:00:00+02' AS instant,
        TIMESTAMP_NS '2024-01-01 10:00:00.123456' AS micro, TIMESTAMP_NS '2024-01-01 10:00:00.123456789' AS nano,
        TIME '10:00:01' AS clock, INTERVAL '1 month 2 days' AS span, '6f2b7f2e-0000-4000-8000-000000000001'::UUID AS id,
        'x'::ENUM('x', 'y') AS choice, '007' AS code, '' AS empty, NULL::VARCHAR AS nothing, '\\xAA41'::BLOB AS raw, encode('añ') AS old`,
    );
    const { good, types, summary } = await readRowsOf(path, folder);
    expect(plain(good['rows'])).toEqual([
      {
        big: '9223372036854775807',
        unsigned: '18446744073709551615',
        tiny: '255',
        wide: '12345678901234567.89',
        price: '1.50',
        d: '0.1',
        f: '0.10000000149011612',
        yes: true,
        day: '2024-02-29',
        at: '2024-01-01 10:00:00.123456',
        instant: '2024-01-01 08:00:00+00',
        micro: '2024-01-01 10:00:00.123456',
        nano: '2024-01-01 10:00:00.123456789',
        clock: '10:00:01',
        span: '1 month 2 days',
        id: '6f2b7f2e-0000-4000-8000-000000000001',
        choice: 'x',
        code: '007',
        empty: '',
        nothing: null,
        raw: 'AA3431',
        old: 'añ',
      },
    ]);
    expect(types['rows']).toMatchObject({
      big: 'BIGINT',
      price: 'DECIMAL(9,2)',
      yes: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP',
      micro: 'TIMESTAMP',
      nano: 'VARCHAR',
    });
    expect(summary.warnings.map(({ what }) => what)).toEqual(
      ['nano', 'clock', 'span', 'id', 'raw', 'old'].map(
        (name) => expect.stringContaining(`the column ${name} is `) as unknown,
      ),
    );
  });

  test('are told in the findings, so that nobody has to guess', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(
      folder,
      `SELECT 1.5::DOUBLE AS d, TIMESTAMPTZ '2024-01-01 00:00:00Z' AS z, 1::UBIGINT AS u, [1] AS l`,
    );
    const { findings } = await withSession(undefined, (session) => look(session, path, folder));
    expect(findings.map(({ table, field, kind, type }) => [table, field, kind, type?.kind])).toEqual([
      ['', 'd', 'value', 'double'],
      ['', 'z', 'value', 'timestamptz'],
      ['', 'u', 'value', 'decimal'],
      ['', 'l', 'list', undefined],
      ['l[]', 'value', 'value', 'integer'],
    ]);
  });

  test('an assumed type that another file has too narrow is disproved by the type alone', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(folder, 'SELECT 1.5::DECIMAL(9,2) AS a');
    const layout = {
      ...NOTHING_KNOWN,
      tables: [{ name: 'rows', path: '', columns: columnsOf({ a: 'integer' }, 'widen') }] as const,
    };
    const { summary, good } = await readRowsOf(path, folder, layout);
    expect(summary.findings).toMatchObject([
      { field: 'a', evidence: { fits: ['text', 'decimal'], fractionDigits: 2 } },
    ]);
    expect(good['rows']).toEqual([]);
  });
});

describe('a contract', () => {
  test('casts what is of another type through text, strictly; what does not fit goes whole to the suspects', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(
      folder,
      `SELECT * FROM (VALUES (1, '10', 1.5::DOUBLE, DATE '2024-01-01'), (2, '010', 2, DATE '2024-01-02'), (3, ' ', 3, NULL),
        (4, '4', 4, DATE 'infinity')) AS t(id, text, number, day)`,
    );
    const columns = columnsOf({ id: 'integer!', text: 'integer', number: 'integer', day: 'date', absent: 'text' });
    const { good, suspect, summary } = await readRowsOf(path, folder, {
      ...NOTHING_KNOWN,
      tables: [{ name: 'rows', path: '', columns }],
    });
    // A double is written 2.0, which is no integer: the person who declares one must say what it means.
    expect(plain(good['rows'])).toEqual([]);
    expect(suspect['rows']?.map(({ id, text, number, day, _line }) => [id, text, number, day, _line])).toEqual([
      ['1', '10', '1.5', '2024-01-01', '1'],
      ['2', '010', '2.0', '2024-01-02', '2'],
      ['3', ' ', '3.0', null, '3'],
      ['4', '4', '4.0', 'infinity', '4'],
    ]);
    expect(summary.records).toBe(4);
  });

  test('a required value that is missing makes a suspect, also within a list; the others are good', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(
      folder,
      `SELECT 1 AS id, [{x: 1}, {x: NULL}] AS items UNION ALL SELECT 2, [{x: 3}]`,
    );
    const layout = {
      ...NOTHING_KNOWN,
      tables: [
        { name: 'rows', path: '', columns: columnsOf({ id: 'integer!' }) },
        { name: 'items', path: 'items[]', columns: columnsOf({ x: 'integer!' }) },
      ] as const,
    };
    const { good, suspect } = await readRowsOf(path, folder, layout);
    expect(plain(good['rows'])).toEqual([{ id: '2' }]);
    expect(plain(good['items'])).toEqual([{ x: '3' }]);
    expect(plain(suspect['rows'])).toEqual([{ id: '1' }]);
    expect(plain(suspect['items'])).toEqual([{ x: '1' }, { x: null }]);
  });
});

describe('nested values', () => {
  const QUERY = `SELECT 7 AS id, {code: 'a', 'b.c': 1} AS meta, [{sku: 'A', tax: [1, 2]}, NULL, {sku: 'B', tax: NULL}] AS items,
    MAP {'k': 1.5::DECIMAL(30,9)} AS tags, [[1], [2, 3]] AS matrix, 'mine' AS record, 0 AS position`;

  test('become child tables with the parent, the position and the place of their record', async () => {
    const folder = await temporaryFolder();
    const { good } = await readRowsOf(await writeParquet(folder, QUERY), folder);
    expect(plain(good['rows'])).toEqual([
      { id: '7', 'meta.code': 'a', 'meta."b.c"': '1', record: 'mine', position: '0' },
    ]);
    expect(good['items[]']).toEqual([
      { sku: 'A', _parent: 'in.parquet:1', _position: '1', _file: 'in.parquet', _line: '1', _offset: '0' },
      { sku: null, _parent: 'in.parquet:1', _position: '2', _file: 'in.parquet', _line: '1', _offset: '0' },
      { sku: 'B', _parent: 'in.parquet:1', _position: '3', _file: 'in.parquet', _line: '1', _offset: '0' },
    ]);
    expect(good['items[].tax[]']?.map(({ value, _parent, _position }) => [value, _parent, _position])).toEqual([
      ['1', 'in.parquet:1.1', '1'],
      ['2', 'in.parquet:1.1', '2'],
    ]);
    expect(plain(good['tags[]'])).toEqual([{ key: 'k', value: '1.500000000' }]);
    expect(good['matrix[][]']?.map(({ value, _parent, _position }) => [value, _parent, _position])).toEqual([
      ['1', 'in.parquet:1.1', '1'],
      ['2', 'in.parquet:1.2', '1'],
      ['3', 'in.parquet:1.2', '2'],
    ]);
  });

  test('are called by the key of their record where it has one', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(folder, `SELECT 'a|b' AS x, 7 AS y, [1] AS l UNION ALL SELECT NULL, 8, [2]`);
    const { findings } = await withSession(undefined, (session) => look(session, path, folder));
    const { good } = await readRowsOf(path, folder, layoutFrom(findings, { key: [0, 1] }));
    expect(good['l[]']?.map(({ _parent }) => _parent)).toEqual(['a\\|b|7', 'in.parquet:2']);
  });

  test('stay JSON text where that is declared, with every digit', async () => {
    const folder = await temporaryFolder();
    const path = await writeParquet(folder, QUERY);
    const asJson = ['items', 'meta', 'tags'];
    const { findings } = await withSession(undefined, (session) => look(session, path, folder, asJson));
    const { good } = await readRowsOf(path, folder, layoutFrom(findings, { asJson }));
    expect(plain(good['rows'])).toEqual([
      {
        id: '7',
        meta: '{"code":"a","b.c":1}',
        items: '[{"sku":"A","tax":[1,2]},null,{"sku":"B","tax":null}]',
        tags: '{"k":"1.500000000"}',
        record: 'mine',
        position: '0',
      },
    ]);
  });
});

describe('a file that cannot be believed', () => {
  const bytes = async (): Promise<{ folder: string; whole: Buffer }> => {
    const folder = await temporaryFolder();
    return { folder, whole: readFileSync(await writeParquet(folder, 'SELECT range AS a FROM range(1000)')) };
  };
  const failure = async (folder: string, content: Buffer): Promise<FailureType | 'read'> => {
    const path = join(folder, 'bad.parquet');
    writeFileSync(path, content);
    try {
      await readRowsOf(path, folder);
      return 'read';
    } catch (error) {
      if (error instanceof AcequiaError) return error.type;
      throw error;
    }
  };

  test('is refused: cut off, of another kind, with a footer that is broken or contradicts itself', async () => {
    const { folder, whole } = await bytes();
    const changed = (at: number, to: number): Buffer => {
      const copy = Buffer.from(whole);
      copy[at] = to;
      return copy;
    };
    const length = whole.readUInt32LE(whole.length - 8);
    expect(await failure(folder, whole)).toBe('read');
    expect(await failure(folder, whole.subarray(0, whole.length - 1))).toBe('SourceCorrupt');
    expect(await failure(folder, whole.subarray(0, 3))).toBe('SourceCorrupt');
    expect(await failure(folder, Buffer.alloc(0))).toBe('SourceCorrupt');
    expect(await failure(folder, Buffer.from('id,name\n1,Ann\n'))).toBe('SourceCorrupt');
    expect(await failure(folder, changed(0, 0))).toBe('SourceCorrupt');
    expect(await failure(folder, changed(whole.length - 5, 0x7f))).toBe('SourceCorrupt');
    expect(await failure(folder, changed(whole.length - 8 - length, 0xff))).toBe('SourceCorrupt');
    // A row more in the whole than in the row groups: field 3, and 1000 as Thrift writes it.
    const rows = whole.indexOf(Buffer.from([0x16, 0xd0, 0x0f]));
    expect(await failure(folder, changed(rows + 1, 0xd2))).toBe('SourceCorrupt');
    expect(await failure(folder, Buffer.concat([Buffer.from('PARE'), whole.subarray(4)]))).toBe('SourceRefused');
  });

  test('whichever byte of the footer is broken, it never crashes', async () => {
    const { folder, whole } = await bytes();
    const length = whole.readUInt32LE(whole.length - 8);
    for (let at = whole.length - 8 - length; at < whole.length - 8; at += 7) {
      const copy = Buffer.from(whole);
      copy[at] = copy[at]! ^ 0x55;
      const result = await failure(folder, copy);
      expect(['read', 'SourceCorrupt', 'SourceRefused', 'ReadersDisagree'], `byte ${at}`).toContain(result);
    }
  });
});
