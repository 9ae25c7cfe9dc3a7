import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { Load } from '../staged-load.ts';

/** The rows of Parquet files, as SQL reads them. */
export function rowsOf(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}

/** The file that is there, with the columns that the load brings. */
export function widened(file: string, columns: readonly ThereColumn[]): string {
  const nothing = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`).join(', ');
  return `(SELECT * FROM ${rowsOf([file])} UNION ALL BY NAME (SELECT ${nothing} WHERE false))`;
}

export async function columnsOf(session: Session, files: readonly string[]): Promise<ThereColumn[]> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${rowsOf(files)}`,
  );
  return rows.map(({ column_name: name, column_type: type }) => ({ name, type }));
}

/** All rows of a load. */
export function select(load: Load): string {
  return `SELECT * FROM ${load.relation}${order(load)}`;
}

/** A file's rows keep their order; a model's have none, and are sorted so that neighbours lie together. */
export function order({ table }: Load): string {
  return table.from === 'source' ? '' : ' ORDER BY ALL';
}

export function names({ columns }: Load): string[] {
  return columns.map(({ name }) => name);
}
