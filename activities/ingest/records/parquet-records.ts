import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { literal } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { describeParquet } from '../parquet/describe-parquet.ts';
import { duckdbFails } from '../parquet/duckdb-fails.ts';
import { jsonLinesRecords } from './json-records.ts';
import type { ReadRecords } from './text-record.ts';

/** Rows as objects by their columns, in the file's order; decimals keep their digits. Written to disk first: they may be many. */
export const parquetRecords: ReadRecords = async function* (file, reading) {
  const { session, folder } = reading;
  const { rows } = await describeParquet(session, file.path, file.name);
  const path = join(folder, 'rows.jsonl');
  await duckdbFails(file.name, () =>
    session.run(`COPY (SELECT * FROM read_parquet(${literal(file.path)})) TO ${literal(path)} (FORMAT json)`),
  );
  const { size: bytes } = await stat(path);
  let read = 0;
  for await (const records of jsonLinesRecords({ ...file, path, bytes, textStart: 0 }, reading)) {
    read += records.length;
    yield records;
  }
  if (read === rows) return;
  throw new AcequiaError('ReadersDisagree', {
    what: `The footer of this Parquet file promises ${rows} rows, and ${read} were read.`,
    where: file.name,
    remedy: 'have the file written again',
  });
};
