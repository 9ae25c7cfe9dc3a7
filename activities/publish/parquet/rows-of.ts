import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { Load } from '../staged-load.ts';

/**
 * The rows of Parquet files, as SQL reads them.
 *
 * @param partitions columns whose values stand in the names of the files' folders, with their types
 * @param more further options of DuckDB's reader
 */
export function rowsOf(files: readonly string[], partitions: readonly ThereColumn[] = [], more = ''): string {
  const types = partitions.map(({ name, type }) => `${literal(name)}: ${literal(type)}`);
  const hive =
    types.length > 0
      ? `hive_partitioning = true, hive_types_autocast = false, hive_types = {${types.join(', ')}}`
      : 'hive_partitioning = false';
  return `read_parquet([${files.map(literal).join(', ')}], union_by_name = true, ${hive}${more})`;
}

export async function columnsOf(session: Session, relation: string): Promise<ThereColumn[]> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  return rows.map(({ column_name: name, column_type: type }) => ({ name, type }));
}

/** A relation with its columns as they are to be: those it lacks are NULL, others become wider. */
export function reshaped(relation: string, there: readonly ThereColumn[], columns: readonly ThereColumn[]): string {
  const cells = columns.map(({ name, type }) => {
    const own = there.find((column) => column.name === name);
    if (own?.type === type) return identifier(name);
    return `CAST(${own ? identifier(name) : 'NULL'} AS ${type}) AS ${identifier(name)}`;
  });
  return `(SELECT ${cells.join(', ')} FROM ${relation})`;
}

/** A file's rows keep their order; a model's have none, and are sorted so that neighbours lie together. */
export function inOrder({ table }: Load, relation: string): string {
  return table.from === 'source' ? relation : `${relation} ORDER BY ALL`;
}

export function names(columns: readonly { readonly name: string }[]): string[] {
  return columns.map(({ name }) => name);
}
