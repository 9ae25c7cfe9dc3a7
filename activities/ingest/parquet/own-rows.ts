import { copyFile, link } from 'node:fs/promises';
import { duckdbType } from '../../duckdb/column-types.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { OWN_ROWS } from '../../names/provenance.ts';
import type { RowLayout } from '../rows/layout.ts';
import type { ParquetTable } from './parquet-fields.ts';
import { isSameTime } from './parquet-rows.ts';

/** Whether the rows of a file have their provenance already. To be asked of files of our own alone: anybody can say so. */
export async function hasOwnRows(session: Session, path: string): Promise<boolean> {
  const found = await session.count(
    `SELECT count(*) FROM parquet_kv_metadata(${literal(path)})
      WHERE decode(key) = ${literal(OWN_ROWS.key)} AND decode(value) = ${literal(OWN_ROWS.value)}`,
  );
  return found > 0;
}

/** Whether a file's columns are those that its row file would have: then it is that row file, if no record is suspect. */
export function isAsLaidOut({ tables: [records, ...lists] }: RowLayout, file: ParquetTable): boolean {
  return (
    lists.length === 0 &&
    file.lists.length === 0 &&
    file.fields.length === records.columns.length &&
    records.columns.every(({ name, field, carrier }) => {
      const found = file.fields.find((one) => one.field === field);
      return (
        name === field && (found?.type === duckdbType(carrier) || (found !== undefined && isSameTime(carrier, found)))
      );
    })
  );
}

/** The same bytes under another name: what is landed never changes. */
export async function linkRows(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // Another disk, or one without links.
    await copyFile(from, to);
  }
}
