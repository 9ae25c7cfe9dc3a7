import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withSession, type Session } from '../../../../activities/duckdb/session.ts';
import { readRows } from '../../../../activities/ingest/rows/read-rows.ts';
import { csv } from '../csv/read-csv.ts';
import { ALONE, jobOn, layoutOf, read, TOGETHER } from './reading-job.ts';
import { column, readFile } from './row-file.ts';

const inSession = <Result>(use: (session: Session) => Promise<Result>): Promise<Result> => withSession(undefined, use);
const ways = [
  ['in one thread', ALONE],
  ['in several', TOGETHER],
] as const;
const integer = { kind: 'integer' } as const;
const text = { kind: 'text' } as const;

describe.each(ways)('a file read %s', (_, sizes) => {
  test('gives good rows, suspects and broken records, in the order of the file', async () => {
    const layout = layoutOf([column('id', integer), column('item', text)]);
    const text_ = 'id,item\n1,a\n2,"b ""2"""\n007,c\n4\n\n,"d\ne"\n6,5" pipe\n1.5,"f"\n8,\n';
    const job = await jobOn(text_, csv(['id', 'item']), layout);
    const summary = await read(job, sizes);
    expect(summary).toMatchObject({
      records: 8,
      broken: 2,
      tables: [{ name: 'orders', good: { rows: 4 }, suspect: { rows: 2 } }],
      brokenFile: { rows: 2 },
      findings: [],
      warnings: [{ what: 'quote inside an unquoted field', line: 9, rows: 1 }],
    });
    await inSession(async (session) => {
      expect(await readFile(session, summary.tables[0]?.good?.path ?? '')).toEqual([
        ['1', 'a', 'orders.csv', '2', '8', '3'],
        ['2', 'b "2"', 'orders.csv', '3', '12', '11'],
        [null, 'd\ne', 'orders.csv', '7', '33', '6'],
        ['8', null, 'orders.csv', '11', '58', '2'],
      ]);
      expect(await readFile(session, summary.tables[0]?.suspect?.path ?? '')).toEqual([
        ['007', 'c', 'orders.csv', '4', '24', '5'],
        ['1.5', 'f', 'orders.csv', '10', '50', '7'],
      ]);
      expect(await readFile(session, summary.brokenFile?.path ?? '')).toEqual([
        ['5', '30', '1', '1 field where the header has 2', '4'],
        ['9', '40', '9', 'quote inside an unquoted field', '6,5" pipe'],
      ]);
    });
    expect((await readdir(job.folder)).sort()).toEqual(['0-good.parquet', '0-suspect.parquet', 'broken.parquet']);
  });

  test('tells of an assumed type that a value disproves, with what all values would fit', async () => {
    const rows = Array.from({ length: 60 }, (_unused, index) => `${index + 1000},2024-01-${10 + (index % 20)}`);
    rows[40] = '12.345,2024-01-01 10:00:00';
    rows[50] = ',"none"';
    const layout = layoutOf([
      column('id', integer, { onMisfit: 'widen' }),
      column('day', { kind: 'date' }, { onMisfit: 'widen' }),
    ]);
    const job = await jobOn(['id,day', ...rows].join('\n'), csv(['id', 'day']), layout);
    const summary = await read(job, sizes);
    expect(summary).toMatchObject({ records: 60, broken: 0, tables: [{ name: 'orders' }] });
    expect(summary.findings).toMatchObject([
      {
        table: '',
        field: 'id',
        kind: 'value',
        line: 42,
        evidence: { values: 59, blanks: 1, fits: ['text', 'decimal'], wholeDigits: 4, fractionDigits: 3 },
      },
      { table: '', field: 'day', kind: 'value', line: 42, evidence: { values: 60, fits: ['text'] } },
    ]);
    expect(summary.tables[0]).toEqual({ name: 'orders' });
    expect(await readdir(job.folder)).toEqual([]);
  });

  test('tells of a field that the layout does not have, unless it is left out on purpose', async () => {
    const text_ = 'id,extra,note\n1,5,x\n2,"7",y\n3,,z\n4\n';
    const format = csv(['id', 'extra', 'note']);
    const unknown = await read(await jobOn(text_, format, layoutOf([column('id', integer)], ['note'])), sizes);
    expect(unknown.findings).toMatchObject([
      { field: 'extra', line: 2, evidence: { values: 2, blanks: 1, fits: ['text', 'integer', 'decimal'] } },
    ]);
    const job = await jobOn(text_, format, layoutOf([column('note', text), column('id', integer)], ['extra']));
    const known = await read(job, sizes);
    expect(known).toMatchObject({ findings: [], records: 4, broken: 1 });
    await inSession(async (session) => {
      const rows = await readFile(session, known.tables[0]?.good?.path ?? '');
      expect(rows.map((row) => row.slice(0, 2))).toEqual([
        ['x', '1'],
        ['y', '2'],
        ['z', '3'],
      ]);
    });
  });

  test('a column that the file lacks is NULL, or makes every record a suspect where it is required', async () => {
    const format = csv(['id']);
    const more = { onMisfit: 'suspect', required: true } as const;
    const lacks = layoutOf([column('id', integer), column('day', { kind: 'date' })]);
    const needs = layoutOf([column('id', integer), column('day', { kind: 'date' }, more)]);
    expect((await read(await jobOn('id\n1\n2\n', format, lacks), sizes)).tables[0]).toMatchObject({
      good: { rows: 2 },
    });
    const { tables } = await read(await jobOn('id\n1\n2\n', format, needs), sizes);
    expect(tables[0]?.good).toBeUndefined();
    expect(tables[0]?.suspect).toMatchObject({ rows: 2 });
  });

  test('says how far it is, and ends at the whole', async () => {
    const text_ = `id\n${'12345\n'.repeat(100)}`;
    const job = await jobOn(text_, csv(['id']), layoutOf([column('id', integer)]));
    const told: [number, number][] = [];
    await readRows(job, (bytes, records) => told.push([bytes, records]), new AbortController().signal, sizes);
    expect(told.at(-1)).toEqual([text_.length, 100]);
    expect(told).toEqual(told.toSorted(([a], [b]) => a - b));
  });

  test('without records there are no files', async () => {
    for (const bytes of ['', 'id', 'id\n\n\n']) {
      const job = await jobOn(bytes, csv(['id', 'x']), layoutOf([column('id', integer), column('x', text)]));
      expect(await read(job, sizes)).toEqual({
        records: 0,
        broken: 0,
        tables: [{ name: 'orders' }],
        findings: [],
        warnings: [],
      });
      expect(await readdir(job.folder)).toEqual([]);
    }
  });
});

test('a sample looks at the first records, writes nothing, and knows no more fields than the layout', async () => {
  const line = (index: number): string => `${index},${index % 7 === 0 ? '' : 'abc'},${'x'.repeat(80)}\n`;
  const rows = Array.from({ length: 20_000 }, (_, index) => line(index)).join('');
  const layout = layoutOf([column('id', integer)]);
  const job = await jobOn(`id,b,c\n${rows}`, csv(['id', 'b', 'c']), layout, { sampleBytes: 200_000 });
  const { records, findings, tables } = await read(job, TOGETHER);
  expect(records).toBeGreaterThan(1500);
  expect(records).toBeLessThan(200_000 / 86);
  expect(findings).toMatchObject([
    { field: 'b', evidence: { fits: ['text'] } },
    { field: 'c', evidence: { values: records, fits: ['text'] } },
  ]);
  expect(tables).toEqual([{ name: 'orders' }]);
  expect(await readdir(job.folder)).toEqual([]);
});

test('an error of the system is passed on with its code, and leaves no row file', async () => {
  const job = await jobOn('id\n1\n', csv(['id']), layoutOf([column('id', integer)]));
  await expect(read({ ...job, path: `${job.path}.gone` })).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(read({ ...job, path: job.folder })).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(read({ ...job, path: job.folder }, TOGETHER)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(read({ ...job, folder: join(job.folder, 'gone') })).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(job.folder)).toEqual([]);
});
