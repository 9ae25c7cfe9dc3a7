import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import type { CopyOptions } from '../../../workflows/definition/index.ts';
import { parseBigQueryUrl } from '../../../workflows/definition/bigquery-url.ts';
import { shellWords } from '../shell-words.ts';
import { catalogueOf } from './places-on-disk.ts';

/** What to type to see the first rows of a table that a copy has loaded. */
export function askCommand(copy: CopyOptions, table: string): string {
  const { kind, path } = copy.to;
  const sql = firstRows(identifier(table));
  switch (kind) {
    case 'sqlite':
      return shellWords(['sqlite3', '-box', path, sql]);
    case 'duckdb':
      return shellWords(['duckdb', path, '-c', sql]);
    case 'parquet':
      return shellWords(['duckdb', '-c', firstRows(parquetRows(copy, table))]);
    case 'postgres':
      return askPostgres(copy.to, table);
    case 'ducklake':
      return askDuckLake(copy.to, table);
    case 'bigquery':
      return shellWords(['bq', 'head', '-n', '10', bigQueryTable(copy.to, table)]);
  }
}

function firstRows(from: string): string {
  return `SELECT * FROM ${from} LIMIT 10`;
}

function parquetRows({ to: { path }, mode, partitionBy }: CopyOptions, table: string): string {
  if (path.endsWith('.parquet')) return literal(path);
  if (partitionBy) return `read_parquet(${literal(`${path}/${table}/**/*.parquet`)}, hive_partitioning = true)`;
  return literal(`${path}/${mode === 'append' ? `${table}/*.parquet` : `${table}.parquet`}`);
}

/** Of a place by a setting the dataset is known to whoever has set it. */
function bigQueryTable({ server }: CopyOptions['to'], table: string): string {
  const place = parseBigQueryUrl(server?.url ?? '');
  return place ? `${place.project}:${place.dataset}.${table}` : `<project>:<dataset>.${table}`;
}

/** A setting is named, as its value is for nobody's screen; the shell puts it in. */
function askPostgres({ path, server }: CopyOptions['to'], table: string): string {
  const place = server?.setting === undefined ? shellWords([server?.url ?? path]) : `"$${server.setting}"`;
  const schema = server?.schema === undefined ? '' : `${identifier(server.schema)}.`;
  return `psql ${place} ${shellWords(['-c', firstRows(`${schema}${identifier(table)}`)])}`;
}

function askDuckLake({ path, server }: CopyOptions['to'], table: string): string {
  const attach =
    server?.setting === undefined
      ? shellWords([`ATTACH ${literal(`ducklake:sqlite:${catalogueOf(path)}`)} AS lake`])
      : `"ATTACH 'ducklake:postgres:$${server.setting}' AS lake"`;
  return `duckdb -cmd ${attach} ${shellWords(['-c', firstRows(`lake.${identifier(table)}`)])}`;
}
