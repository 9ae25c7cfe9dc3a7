import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { copyOptions } from '../../../../client/cli/copy/copy-options.ts';
import type { TypedCopyOptions } from '../../../../client/cli/copy/typed.ts';
import { runOptionsSchema } from '../../../../workflows/definition/schema.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, 'in'));
  for (const name of ['a.csv', 'b.csv', 'in/c.csv', 'lines.parquet']) writeFileSync(join(folder, name), 'x\n1\n');
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
  ['another machine', ['https://x.org/a.csv'], 'o.duckdb', {}, /is no file of this machine/],
  ['onto itself', ['lines.parquet'], 'lines.parquet', {}, /copied onto itself/],
  ['into the folder that is read', ['in'], 'in/deep/o.duckdb', {}, /lies in the folder that is copied/],
])('%s is refused', (_, from, to, typed, message) => {
  expect(() => ask(from, to, typed)).toThrow(refused(message));
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
