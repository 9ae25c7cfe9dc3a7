import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { requireApart } from '../../../../client/cli/copy/bucket-destination.ts';
import { destinationWord, parseDestination } from '../../../../client/cli/copy/destination.ts';
import { placesOnDisk } from '../../../../client/cli/copy/places-on-disk.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  for (const name of ['there', 'is.ducklake', 'taken.sqlite']) mkdirSync(join(folder, name));
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
  ['ducklake:lake', 'ducklake', 'lake', {}],
  ['ducklake:lake/', 'ducklake', 'lake', {}],
  ['ducklake:there?table=t', 'ducklake', 'there', { table: 't' }],
  ['shop.ducklake', 'ducklake', 'shop.ducklake', {}],
  ['is.ducklake', 'ducklake', 'is.ducklake', {}],
  ['Shop.DuckLake/', 'ducklake', 'Shop.DuckLake', {}],
] as const)('%s', (written, kind, path, query) => {
  expect(parseDestination(written, folder)).toEqual({ to: { kind, path: join(folder, path) }, query });
});

test.each([
  ['s3://shop/tables/', 's3://shop/tables', 's3://shop/tables/', {}],
  ['parquet:s3://shop/tables', 's3://shop/tables', 's3://shop/tables/', {}],
  ['gs://shop', 'gs://shop', 'gs://shop/', {}],
  ['gs://shop/a b/one.parquet?table=t', 'gs://shop/a b/one.parquet', 'gs://shop/a b/one.parquet', { table: 't' }],
  ['s3://shop/t/?mode=merge&key=id', 's3://shop/t', 's3://shop/t/', { mode: 'merge', key: 'id' }],
])('in a bucket: %s', (written, path, word, query) => {
  const to = { kind: 'parquet', path } as const;
  expect(parseDestination(written, folder)).toEqual({ to, query });
  expect(destinationWord(to)).toBe(word);
  expect(placesOnDisk(to)).toEqual([]);
});

test.each(['s3://', 's3:///x', 'gs://a', 's3://shop/../x/', 's3://shop//x/'])('no place in a bucket: %s', (written) => {
  expect(() => parseDestination(written, folder)).toThrow(refused(/is no place in a bucket/));
});

test('what lies around the destination is not copied into it', () => {
  const to = { kind: 'parquet', path: 's3://shop/in/out' } as const;
  for (const source of ['s3://shop/in/', 's3://shop', 's3://shop/in/out'])
    expect(() => requireApart([source], to)).toThrow(refused(/would be read by the next copy/));
  for (const source of ['s3://shop/inn', 'gs://shop/in', 's3://shop/in/*.csv', '/shop/in'])
    expect(() => requireApart([source], to)).not.toThrow();
});

const URL = 'postgresql://ana@db.example:5432/shop';

test.each([
  ['postgres:WAREHOUSE_URL', 'postgres:WAREHOUSE_URL', { setting: 'WAREHOUSE_URL' }, {}],
  ['postgres:WAREHOUSE_URL/raw', 'postgres:WAREHOUSE_URL/raw', { setting: 'WAREHOUSE_URL', schema: 'raw' }, {}],
  ['postgres:W?schema=raw', 'postgres:W/raw', { setting: 'W', schema: 'raw' }, {}],
  ['postgres:W/raw?schema=raw&table=t', 'postgres:W/raw', { setting: 'W', schema: 'raw' }, { table: 't' }],
  ['Postgres:W/Mi Esquema', 'postgres:W/Mi Esquema', { setting: 'W', schema: 'Mi Esquema' }, {}],
  [URL, URL, { url: URL }, {}],
  [`${URL}?mode=merge&key=id`, URL, { url: URL }, { mode: 'merge', key: 'id' }],
  [`${URL}?table=t&schema=raw`, `${URL}?schema=raw`, { url: URL, schema: 'raw' }, { table: 't' }],
  ['postgres:///shop', 'postgres:///shop', { url: 'postgres:///shop' }, {}],
])('a server: %s', (written, path, server, query) => {
  expect(parseDestination(written, folder)).toEqual({ to: { kind: 'postgres', path, server }, query });
});

test('a catalogue of its own, by the setting that leads to it', () => {
  expect(parseDestination('ducklake:lake?catalog=LAKE_URL&table=t', folder)).toEqual({
    to: { kind: 'ducklake', path: join(folder, 'lake'), server: { setting: 'LAKE_URL' } },
    query: { table: 't' },
  });
});

test.each([
  'duckdb:x',
  'lake/',
  'x.ducklake',
  'ducklake:x?catalog=L',
  'postgres:W',
  'postgres:W/r',
  URL,
  `${URL}?schema=a%26b`,
])('read again wherever one stands: %s', (written) => {
  const { to } = parseDestination(written, folder);
  expect(parseDestination(destinationWord(to), '/')).toEqual({ to, query: {} });
});

test.each([
  'postgresql://ana:secret@db/shop',
  'POSTGRES://ana:secret@db/shop?table=t',
  'postgres://ana:se/c?r#et@db/shop',
  'postgresql://:secret@db/shop',
  'postgresql://db/shop?user=ana&password=secret',
  'postgres:ana:secret@db/shop',
])('a password is refused and not repeated: %s', (written) => {
  const refusal = refusalOf(() => parseDestination(written, folder));
  expect(refusal).toMatchObject({ exitCode: 2 });
  expect(refusal.message).toMatch(
    /history of the shell[^]*list of processes[^]*PGPASSWORD[^]*~\/\.pgpass[^]*postgres:WAREHOUSE_URL/,
  );
  expect(refusal.message).not.toMatch(/secret|se\/c|ana/);
});

function refusalOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was taken');
}

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
  ['out.duckdb?schema=raw', /"schema" behind the \? .* means nothing/],
  ['postgres:W?catalog=L', /"catalog" behind the \? .* means nothing/],
  ['postgres:', /names no setting/],
  ['postgres:warehouse_url', /names no setting.*WAREHOUSE_URL\?[^]*postgresql:\/\/user@host:5432\/database/],
  ['postgres:W/a/b', /names no setting/],
  ['postgres:W/', /cannot be a schema's name/],
  [`postgres:W/${'x'.repeat(64)}`, /cannot be a schema's name/],
  ['postgres:W/a?schema=b', /two schemas: a and b/],
  ['postgresql://ana@db', /names no database/],
  ['postgresql://ana@db/', /names no database/],
  ['postgresql://ana@db:port/shop', /no URL of a Postgres database/],
  ['postgresql://ana@db/a b', /no URL of a Postgres database/],
  ['postgresql://ana@db/shop?sslmode=require', /"sslmode".*means nothing[^]*put the URL into a setting/],
  ['ducklake:file', /is a file; a DuckLake keeps its data in a folder/],
  ['ducklake:taken', /catalogue of "ducklake:taken" would be .*taken\.sqlite, which is a folder/],
  ['ducklake:lake?catalog=postgresql://db/x', /no name of a setting/],
  ['file/x.ducklake', /file is a file/],
])('%s is refused', (written, message) => {
  expect(() => parseDestination(written, folder)).toThrow(refused(message));
});
