import { withSession } from '../duckdb/session.ts';
import type { FileFormatJob } from './describe/description.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { readRows } from './rows/read-rows.ts';
import type { RowsJob, RowsSummary } from './rows/reading.ts';

export type FileJob = Omit<RowsJob, 'format'> & { readonly format: FileFormatJob };

/** Reads a file of any format into row files: Parquet by DuckDB, all else by our own readers in threads. */
export function readRowsOf(
  { format, ...job }: FileJob,
  onProgress: (bytes: number, records: number) => void,
  signal: AbortSignal,
): Promise<RowsSummary> {
  if (format.kind !== 'parquet') return readRows({ ...job, format }, onProgress, signal);
  const sample = job.sampleBytes !== undefined;
  return withSession(signal, (session) => readParquet(session, { ...job, ...format, sample }));
}
