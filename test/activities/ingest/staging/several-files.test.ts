import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import type { Row } from '../ingest-bytes.ts';
import { failureOf, ingestFiles, modes } from '../ingest-files.ts';

const without = (rows: readonly Row[] | undefined, ...names: string[]): Row[] =>
  (rows ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))));
const values = (rows: readonly Row[] | undefined): Row[] => without(rows, '_file', '_line', '_offset');

describe('several files of one source', () => {
  test('have their columns in any order, and each its own; what one lacks is NULL there', async () => {
    const { tables, result } = await ingestFiles(
      await temporaryFolder(),
      {
        'a.csv': 'id,qty\n1,10\n',
        'b.csv': 'qty;id;note\n20;2;x\n',
        'c.csv': 'Id\tNOTE\n3\ty\n',
        'd.jsonl': '{"note":"z","id":4}\n',
      },
      {},
      modes('evolve'),
    );
    expect(values(tables.orders)).toEqual([
      { id: '1', qty: '10', note: null },
      { id: '2', qty: '20', note: 'x' },
      { id: '3', qty: null, note: 'y' },
      { id: '4', qty: null, note: 'z' },
    ]);
    expect(result).toMatchObject({ files: 4, read: 4, staged: 4, parkedFiles: 0 });
  });

  test('a later one widens a type, and the earlier ones are read again', async () => {
    const { tables, report } = await ingestFiles(
      await temporaryFolder(),
      {
        'a.csv': 'id,n,d\n1,7,2024-01-01\n',
        'b.csv': 'id,n,d\n2,7.25,2024-01-01 10:00:00\n',
        'c.csv': 'id,n,d\n007,1e5,\n',
      },
      {},
      modes('evolve'),
    );
    expect(values(tables.orders)).toEqual([
      { id: '1', n: '7', d: '2024-01-01' },
      { id: '2', n: '7.25', d: '2024-01-01 10:00:00' },
      { id: '007', n: '1e5', d: null },
    ]);
    expect(report.tables[0]?.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id text',
      'n text',
      'd text',
    ]);
  });

  test('also when it is beyond those whose start is looked at', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`f${n}.csv`, `id,n\n${n},${n === 8 ? '1.5' : n}\n`]),
    );
    const { tables, report } = await ingestFiles(await temporaryFolder(), files, {}, modes('evolve'));
    expect(tables.orders?.map(({ n }) => n)).toEqual(['0.0', '1.0', '2.0', '3.0', '4.0', '5.0', '6.0', '7.0', '1.5']);
    expect(report.tables[0]?.columns[1]?.type).toMatch(/^decimal\(\d+,1\)$/);
  });

  test.each(['evolve', 'discard-row', 'discard-value', 'freeze'] as const)(
    'nobody promised a column that only another file has: %s',
    async (mode) => {
      const files = { 'a.csv': 'id,x\n1,\n2,v\n', 'b.csv': 'id\n3\n' };
      const inferred = await ingestFiles(await temporaryFolder(), files, {}, modes(mode));
      expect(values(inferred.tables.orders)).toEqual([
        { id: '1', x: null },
        { id: '2', x: 'v' },
        { id: '3', x: null },
      ]);
      const promised = await ingestFiles(await temporaryFolder(), files, { id: 'integer' }, modes(mode));
      expect(promised.tables.orders?.map(({ id }) => id)).toEqual(
        { evolve: ['1', '2', '3'], 'discard-row': ['1', '3'], 'discard-value': ['1', '2', '3'], freeze: ['3'] }[mode],
      );
      expect(promised.result.parkedFiles).toBe(mode === 'freeze' ? 1 : 0);
    },
  );

  test('types that are frozen cost the file that has another one', async () => {
    const { tables, result } = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id\n1\n', 'b.csv': 'id\n5\nx\n\n', 'c.csv': 'id\n3\n' },
      { id: 'integer' },
      modes('freeze'),
    );
    expect(tables.orders?.map(({ id }) => id)).toEqual(['1', '3']);
    expect(result).toMatchObject({ files: 2, read: 2, staged: 2, parkedFiles: 1 });
    expect(result.parked).toMatchObject([{ name: 'b.csv', error: { type: 'ContractBreach', stage: 'ingest' } }]);
    expect(result.parked[0]?.error.message).toContain('b.csv:3');
  });

  test('those that fail are parked and named; where all do, the source fails with the first', async () => {
    const broken = { 'b.csv.gz': gzipSync('id\n1\n').subarray(0, 15), 'c.csv': Buffer.from('%PDF-1.7\n') };
    const folder = await temporaryFolder();
    const some = await ingestFiles(folder, { 'a.csv': 'id\n1\n', ...broken, 'e.csv': '' }, {}, modes('evolve'));
    expect(some.result).toMatchObject({ files: 1, read: 1, parkedFiles: 3 });
    expect(some.result.parked.map(({ name, error }) => `${name} ${error.type}`).sort()).toEqual([
      'b.csv.gz SourceCorrupt',
      'c.csv SourceWrongType',
      'e.csv SourceEmpty',
    ]);
    expect(await failureOf(ingestFiles(await temporaryFolder(), broken, {}, modes('evolve')))).toMatchObject({
      type: 'SourceCorrupt',
      what: 'None of 2 files can be read. The first: The gzip file ends early.',
    });
  });

  test('names are normalised, and those that clash are told apart', async () => {
    const { tables, report } = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'Order ID,order_id,Año,,Order-Id\n1,2,3,4,5\n', 'b.csv': 'order_id,Order ID\n6,7\n' },
      {},
      modes('evolve'),
    );
    const fields = Object.fromEntries(report.tables[0]?.columns.map(({ name, field }) => [field, name]) ?? []);
    expect(Object.keys(fields)).toEqual(['Order ID', 'order_id', 'Año', 'column_4', 'Order-Id']);
    expect(new Set(Object.values(fields)).size).toBe(5);
    expect(Object.values(fields).every((name) => /^[a-z][a-z0-9_]*$/.test(name))).toBe(true);
    const of = (row: number, field: string): unknown => tables.orders?.[row]?.[fields[field] ?? ''];
    expect(Object.keys(fields).map((field) => of(0, field))).toEqual(['1', '2', '3', '4', '5']);
    expect([of(1, 'order_id'), of(1, 'Order ID'), of(1, 'Año')]).toEqual(['6', '7', null]);
  });

  test('200 small ones are one source', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [
        `f${String(n).padStart(3, '0')}.csv`,
        `id,c\n${n},${n === 150 ? 'x' : n}\n`,
      ]),
    );
    const { tables, result } = await ingestFiles(await temporaryFolder(), files, {}, modes('evolve'));
    expect(result).toMatchObject({ files: 200, read: 200, staged: 200, quarantined: 0 });
    expect(tables.orders?.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    );
    expect(result.tables[0]?.uris).toHaveLength(1);
  });
});

describe('keys', () => {
  test('that repeat across files: the first file has it, the others are quarantined and say where it was', async () => {
    const { tables, quarantined } = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id,n\n1,x\n2,y\n', 'b.csv': 'n,id\nz,2\nw,3\nv,3\n' },
      {},
      { ...modes('evolve'), key: ['id'] },
    );
    expect(values(tables.orders)).toEqual([
      { id: '1', n: 'x' },
      { id: '2', n: 'y' },
      { id: '3', n: 'w' },
    ]);
    expect(quarantined).toMatchObject([
      {
        file: 'b.csv',
        line: '2',
        column: 'id',
        value: '2',
        reason: 'duplicate id',
        expected: 'first seen in a.csv on line 3',
        record: 'z,2',
        kept: false,
      },
      {
        file: 'b.csv',
        line: '4',
        column: 'id',
        value: '3',
        reason: 'duplicate id',
        expected: 'first seen on line 3',
        record: 'v,3',
        kept: false,
      },
    ]);
  });

  test('that no file has', async () => {
    const ingesting = ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'ident\n1\n' },
      {},
      { ...modes('evolve'), key: ['id'] },
    );
    expect(await failureOf(ingesting)).toMatchObject({
      type: 'DefinitionInvalid',
      what: expect.stringContaining('"id"') as unknown,
    });
  });

  test('nested rows of records that are rejected or repeated are not staged', async () => {
    const { tables, quarantined, result } = await ingestFiles(
      await temporaryFolder(),
      {
        'a.jsonl':
          '{"id":1,"items":[{"q":1},{"q":2}]}\n{"id":"bad","items":[{"q":3}]}\n{"id":2,"items":[{"q":4},{"q":"bad"}]}\n{"id":1,"items":[{"q":5}]}\n',
        'b.jsonl': '{"id":1,"items":[{"q":6}]}\n{"id":3,"items":[{"q":7}]}\n',
      },
      { id: 'integer' },
      {
        ...modes('discard-row'),
        key: ['id'],
        columns: [
          { name: 'id', list: '', field: 'id', type: { kind: 'integer' }, required: true, formats: [] },
          { name: 'q', list: 'items[]', field: 'q', type: { kind: 'integer' }, required: false, formats: [] },
        ],
      },
    );
    expect(tables.orders?.map(({ id }) => id)).toEqual(['1', '3']);
    expect(tables.orders_items?.map(({ q, _parent, _position }) => [q, _parent, _position])).toEqual([
      ['1', '1', '1'],
      ['2', '1', '2'],
      ['7', '3', '1'],
    ]);
    expect(quarantined.map(({ file, line, column, reason }) => [file, line, column, reason])).toEqual([
      ['a.jsonl', '2', 'id', 'id: not an integer'],
      ['a.jsonl', '3', 'items[].q', 'items[].q: not an integer'],
      ['a.jsonl', '4', 'id', 'duplicate id'],
      ['b.jsonl', '1', 'id', 'duplicate id'],
    ]);
    expect(result).toMatchObject({ read: 6, staged: 2, quarantined: 4 });
  });
});
