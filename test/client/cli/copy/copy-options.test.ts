import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { copyWords } from '../../../../client/cli/copy/copy-words.ts';
import { destinationWord } from '../../../../client/cli/copy/destination.ts';
import { copyOptions } from '../../../../client/cli/copy/copy-options.ts';
import type { TypedCopyOptions } from '../../../../client/cli/copy/typed.ts';
import { runOptionsSchema } from '../../../../workflows/definition/run-options-schema.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, 'in'));
  for (const name of ['a.csv', 'b.csv', 'in/c.csv', 'lines.parquet', 'lake.sqlite'])
    writeFileSync(join(folder, name), 'x\n1\n');
});

const ask = (from: readonly string[], to: string, typed: TypedCopyOptions = {}) => copyOptions(from, to, typed, folder);
const refused = (message: RegExp): object =>
  expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }) as object;

test('the least one can say: what is not said stays to be found out', () => {
  expect(ask(['a.csv'], 'out.duckdb')).toEqual({
    from: [join(folder, 'a.csv')],
    to: { kind: 'duckdb', path: join(folder, 'out.duckdb') },
    mode: 'replace',
    key: [],
    declare: {},
  });
});

test('everything one can say, and the plan takes it', () => {
  const copy = ask(['in/*.csv'], 'sqlite:out.db?table=t&mode=merge', {
    key: 'id, day,id',
    contract: 'freeze',
    declare: ['id=integer!', 'price=decimal(10,2)|1.234,56', 'día=date|DD/MM/YYYY|D MMM YYYY'],
    format: 'csv',
    encoding: 'latin1',
    delimiter: '\\t',
    quote: 'none',
    header: false,
    comment: '#',
  });
  expect(copy).toEqual({
    from: [join(folder, 'in/*.csv')],
    to: { kind: 'sqlite', path: join(folder, 'out.db') },
    table: 't',
    mode: 'merge',
    key: ['id', 'day'],
    contract: 'freeze',
    declare: { id: 'integer!', price: 'decimal(10,2)|1.234,56', día: 'date|DD/MM/YYYY|D MMM YYYY' },
    format: 'csv',
    encoding: 'iso-8859-1',
    dialect: { delimiter: '\t', quote: 'none', header: false, comment: '#' },
  });
  expect(runOptionsSchema.safeParse({ copy }).success).toBe(true);
});

test('how tables are loaded, and the plan takes it', () => {
  const typed = { missing: 'hard', vanishAtMost: '2.5%', key: 'id', keepLatestBy: 'at, n', partitionBy: 'day,day' };
  const copy = ask(['a.csv'], 'ducklake:lake?mode=delete-missing', typed);
  expect(copy).toEqual({
    from: [join(folder, 'a.csv')],
    to: { kind: 'ducklake', path: join(folder, 'lake') },
    mode: 'delete-missing',
    missing: 'hard',
    vanishAtMost: 0.025,
    key: ['id'],
    keepLatestBy: ['at', 'n'],
    partitionBy: ['day'],
    declare: {},
  });
  expect(runOptionsSchema.safeParse({ copy }).success).toBe(true);
});

test('what is asked can be typed again, and means the same', () => {
  const asked: [string, TypedCopyOptions][] = [
    ['duckdb:x', { mode: 'scd2', missing: 'keep', vanishAtMost: '33.3333%', key: 'a,b', keepLatestBy: 'c' }],
    ['lake/', { partitionBy: 'a,b', mode: 'append' }],
    ['ducklake:x?catalog=L', { mode: 'delete-missing', missing: 'soft', vanishAtMost: '7%', key: 'a' }],
    ['postgresql://ana@db/shop?schema=raw', { table: 't', mode: 'merge', key: 'a' }],
  ];
  for (const [to, typed] of asked) {
    const copy = ask(['a.csv'], to, typed);
    const words = copyWords({ from: copy.from, to: destinationWord(copy.to) }, copy, {}, 'dev');
    const flags = words.flatMap((word) =>
      [...word.matchAll(/^--([a-z-]+)=(.*)$/g)].map(([, name = '', value]) => [name, value]),
    );
    const again = Object.fromEntries(
      flags.map(([name = '', value]) => [name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value]),
    ) as TypedCopyOptions;
    expect(copyOptions(words.slice(1, 2), words[2] ?? '', again, '/')).toEqual(copy);
  }
});

test('a server takes nothing of this disk', () => {
  expect(ask(['in'], 'postgres:WAREHOUSE_URL').to).toEqual({
    kind: 'postgres',
    path: 'postgres:WAREHOUSE_URL',
    server: { setting: 'WAREHOUSE_URL' },
  });
});

test.each([
  { mode: 'scd2', key: [] },
  { mode: 'replace', key: [], keepLatestBy: ['at'] },
  { mode: 'merge', key: ['id'], missing: 'soft' },
  { mode: 'append', key: [], vanishAtMost: 0.1 },
  { mode: 'replace', key: [], partitionBy: ['day'] },
  { mode: 'replace', key: [], to: { kind: 'postgres', path: 'x', server: { url: 'postgresql://ana:secret@db/shop' } } },
])('what means nothing is also refused of runs that are started otherwise: %o', (loading) => {
  const copy = { from: ['/a.csv'], to: { kind: 'duckdb', path: '/x' }, declare: {}, ...loading };
  const { error } = runOptionsSchema.safeParse({ copy });
  expect(error?.issues).toHaveLength(1);
  expect(error?.message).not.toContain('secret');
});

test('a flag and the destination may say the same', () => {
  expect(ask(['a.csv'], 'out.duckdb?table=t', { table: 't' }).table).toBe('t');
});

test('the same file named twice is one', () => {
  expect(ask(['a.csv', './a.csv'], 'out/').from).toEqual([join(folder, 'a.csv')]);
});

test.each<[string, readonly string[], string, TypedCopyOptions, RegExp]>([
  ['two tables', ['a.csv'], 'o.duckdb?table=t', { table: 'u' }, /says table=t, and --table says u/],
  ['two modes', ['a.csv'], 'o.duckdb?mode=append', { mode: 'merge' }, /says mode=append/],
  ['merge without a key', ['a.csv'], 'o.duckdb', { mode: 'merge' }, /merge needs[^]*--key/],
  ['scd2 without a key', ['a.csv'], 'o.duckdb', { mode: 'scd2' }, /scd2 needs[^]*--key/],
  ['an order without a key', ['a.csv'], 'o/', { keepLatestBy: 'at' }, /--keep-latest-by means nothing without a key/],
  [
    'missing rows of merge',
    ['a.csv'],
    'o/',
    { mode: 'merge', key: 'a', missing: 'hard' },
    /--missing means nothing for merge/,
  ],
  [
    'the way of another mode',
    ['a.csv'],
    'o/',
    { mode: 'scd2', key: 'a', missing: 'hard' },
    /--missing of scd2 it is close or keep/,
  ],
  ['an unknown way', ['a.csv'], 'o/', { mode: 'scd2', key: 'a', missing: 'clsoe' }, /Did you mean "close"/],
  ['a share of replace', ['a.csv'], 'o/', { vanishAtMost: '1%' }, /--vanish-at-most means nothing for replace/],
  ['what is no share', ['a.csv'], 'o/', { mode: 'scd2', key: 'a', vanishAtMost: '0.1' }, /is no percentage[^]*10%/],
  ['partitions of a database', ['a.csv'], 'o.db', { partitionBy: 'a' }, /--partition-by means nothing for sqlite/],
  ['partitions of a file', ['a.csv'], 'o.parquet', { partitionBy: 'a' }, /--partition-by needs a folder/],
  ['a hole in the partitions', ['a.csv'], 'o/', { partitionBy: 'a,' }, /--partition-by "a," has an empty name/],
  ['a DuckLake inside', ['in'], 'in/x.ducklake', {}, /lies in the folder that is copied/],
  ['the catalogue of a DuckLake', ['lake.sqlite'], 'ducklake:lake', {}, /copied onto itself/],
  ['an unknown mode', ['a.csv'], 'o.duckdb', { mode: 'appned' }, /Did you mean "append"/],
  ['an unknown format', ['a.csv'], 'o.duckdb', { format: 'cvs' }, /Did you mean "csv"/],
  ['an unknown encoding', ['a.csv'], 'o.duckdb', { encoding: 'ebcdic' }, /use one of: utf-8/],
  ['an unknown contract', ['a.csv'], 'o.duckdb', { contract: 'frezee' }, /Did you mean "freeze"/],
  ['no type', ['a.csv'], 'o.duckdb', { declare: ['a=intger'] }, /"intger" is no type. Did you mean "integer"/],
  ['no column', ['a.csv'], 'o.duckdb', { declare: ['=integer'] }, /names no column and type/],
  ['a column twice', ['a.csv'], 'o.duckdb', { declare: ['a=integer', 'a=text'] }, /says "a" twice/],
  ['a delimiter of two characters', ['a.csv'], 'o.duckdb', { delimiter: '||' }, /is not one character/],
  ['a hole in the key', ['a.csv'], 'o.duckdb', { key: 'a,,b' }, /has an empty name/],
  ['a table that is no name', ['a.csv'], 'o.duckdb', { table: 'My Table' }, /cannot be a table's name/],
  ['one table of several words', ['a.csv', 'b.csv'], 'o.duckdb', { table: 't' }, /One table from 2[^]*glob in quotes/],
  ['several into one Parquet file', ['a.csv', 'b.csv'], 'o.parquet', {}, /one Parquet file[^]*--table[^]*o\//],
  ['a folder into one Parquet file', ['in'], 'o.parquet', {}, /one Parquet file/],
  ['what means nothing for the format', ['a.csv'], 'o/', { format: 'jsonl', quote: 'none' }, /mean nothing for jsonl/],
  ['a file that is not there', ['z.csv'], 'o.duckdb', {}, /There is no "z\.csv"/],
  ['another machine', ['https://x.org/a.csv'], 'o.duckdb', {}, /is no file of this machine, nor in a bucket/],
  ['a bucket without a name', ['s3:///a.csv'], 'o.duckdb', {}, /names no bucket[^]*s3:\/\/bucket/],
  ['a prefix into one Parquet file', ['s3://shop/in/'], 'o.parquet', {}, /one Parquet file/],
  ['onto itself', ['lines.parquet'], 'lines.parquet', {}, /copied onto itself/],
  ['into the folder that is read', ['in'], 'in/deep/o.duckdb', {}, /lies in the folder that is copied/],
])('%s is refused', (_, from, to, typed, message) => {
  expect(() => ask(from, to, typed)).toThrow(refused(message));
});

test('what lies in a bucket is taken as it is written', () => {
  const from = ['s3://shop/in/a b+%20#1.csv', 'gs://shop/in/*.csv'];
  expect(ask(from, 'o.duckdb', {}).from).toEqual(from);
  expect(ask(['s3://shop/in/a.csv'], 'o.parquet', {}).from).toEqual(['s3://shop/in/a.csv']);
});

test('a link is what it leads to', () => {
  symlinkSync(join(folder, 'lines.parquet'), join(folder, 'link.parquet'));
  symlinkSync(join(folder, 'in'), join(folder, 'other'));
  expect(() => ask(['link.parquet'], 'lines.parquet')).toThrow(refused(/onto itself/));
  expect(() => ask(['in'], 'other/o.duckdb')).toThrow(refused(/lies in the folder/));
});

test('a neighbour whose name begins like the folder is no part of it', () => {
  expect(ask(['in'], 'inside.duckdb').to.path).toBe(join(folder, 'inside.duckdb'));
});
