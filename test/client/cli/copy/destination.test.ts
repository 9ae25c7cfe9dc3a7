import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parseDestination } from '../../../../client/cli/copy/destination.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, 'there'));
  writeFileSync(join(folder, 'file'), '');
});

const refused = (message: RegExp): object =>
  expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }) as object;

test.each([
  ['duckdb:out.duckdb', 'duckdb', 'out.duckdb', {}],
  ['duckdb:out.duckdb?table=ventas', 'duckdb', 'out.duckdb', { table: 'ventas' }],
  ['duckdb:new/deep/out?mode=merge&key=a,b', 'duckdb', 'new/deep/out', { mode: 'merge', key: 'a,b' }],
  ['DuckDB:out.db', 'duckdb', 'out.db', {}],
  ['sqlite:out.db', 'sqlite', 'out.db', {}],
  ['parquet:dir/', 'parquet', 'dir', {}],
  ['parquet:one.parquet', 'parquet', 'one.parquet', {}],
  ['out.duckdb', 'duckdb', 'out.duckdb', {}],
  ['out.ddb?table=t', 'duckdb', 'out.ddb', { table: 't' }],
  ['./out.db', 'sqlite', 'out.db', {}],
  ['out.SQLITE', 'sqlite', 'out.SQLITE', {}],
  ['out.sqlite3', 'sqlite', 'out.sqlite3', {}],
  ['out.parquet', 'parquet', 'out.parquet', {}],
  ['lake/', 'parquet', 'lake', {}],
  ['there', 'parquet', 'there', {}],
] as const)('%s', (written, kind, path, query) => {
  expect(parseDestination(written, folder)).toEqual({ to: { kind, path: join(folder, path) }, query });
});

test('three slashes are the root', () => {
  expect(parseDestination(`duckdb://${folder}/x.duckdb`, '/elsewhere').to.path).toBe(join(folder, 'x.duckdb'));
});

test.each([
  ['mysql:x', /Nothing is copied to "mysql:".*sqlite:, duckdb:, parquet:/],
  ['dukdb:x', /Did you mean "duckdb"/],
  ['out.xyz', /its ending "\.xyz"[^]*\.duckdb, \.ddb, \.db/],
  ['out.duckdbb', /Did you mean "\.duckdb"/],
  ['out', /no ending/],
  ['', /no ending/],
  ['duckdb:', /names no file/],
  ['duckdb::memory:', /names no file/],
  ['duckdb://out.duckdb', /names a machine, "out\.duckdb"[^]*duckdb:out\.duckdb counts from the folder/],
  ['duckdb:there', /is a folder; a file is expected/],
  ['parquet:file', /is a file; Parquet goes into a folder/],
  ['file/out.duckdb', /file is a file/],
  ['out.duckdb?tabel=x', /"tabel".*Did you mean "table"/],
  ['out.duckdb?table=', /empty/],
  ['out.duckdb?table=a&table=b', /twice: a and b/],
])('%s is refused', (written, message) => {
  expect(() => parseDestination(written, folder)).toThrow(refused(message));
});
