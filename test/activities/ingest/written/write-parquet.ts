import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import type { Rows, WrittenFile } from './written-file.ts';

export const CODECS = ['snappy', 'zstd', 'gzip', 'uncompressed'] as const;
export type Codec = (typeof CODECS)[number];

/** Writes a table of texts with DuckDB, below `folder`. */
export async function writeParquet(
  folder: string,
  codec: Codec,
  names: readonly string[],
  rows: Rows,
): Promise<WrittenFile> {
  const path = join(folder, 'written.parquet');
  const hex = (cell: string | null): string =>
    cell === null ? 'NULL' : `decode(from_hex('${Buffer.from(cell).toString('hex')}'))`;
  const values = rows.map((row) => `(${row.map(hex).join(', ')})`).join(', ');
  const columns = names.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
  await withSession(undefined, (session) =>
    session.run(
      `COPY (SELECT ${columns} FROM (VALUES ${values}) t(${names.join(', ')})) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${codec})`,
    ),
  );
  return { name: 'in.parquet', bytes: await readFile(path), source: {}, fields: names, rows };
}
