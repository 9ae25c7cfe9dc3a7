import { withSession } from '../../duckdb/session.ts';
import { describeParquet } from '../parquet/describe-parquet.ts';
import { hasOwnRows } from '../parquet/own-rows.ts';
import type { ParquetTable } from '../parquet/parquet-fields.ts';
import type { Describe } from './description.ts';

/** A Parquet file says itself what it has; that matters only where something was promised. */
export const describeParquetFile: Describe = async ({ path, name }, { columns, nested, ownRows }, work) => {
  const isOwn = ownRows === true && (await withSession(work.signal, (session) => hasOwnRows(session, path)));
  const format = { kind: 'parquet' as const, ...(isOwn ? { ownRows: isOwn } : {}) };
  const certain = { format, dialect: '', confidence: 1, warnings: [] };
  if (columns.length === 0) return certain;
  const asJson = Object.keys(nested).filter((field) => field !== '*' && nested[field] === 'json');
  const { fields } = await withSession(work.signal, (session) => describeParquet(session, path, name, asJson, isOwn));
  return { ...certain, holds: fieldsOf(fields) };
};

/** A list counts too: the contract may keep it as one value. */
function fieldsOf({ fields, lists }: ParquetTable): string[] {
  return [...fields, ...lists].map(({ field }) => field);
}
