import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CsvFormat } from '../../../../activities/ingest/csv/csv-format.ts';
import type { RowColumn, RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { readRows, type ReadingSizes } from '../../../../activities/ingest/rows/read-rows.ts';
import type { RowsJob, RowsSummary } from '../../../../activities/ingest/rows/reading.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Everything in one thread, and everything in several, cut as small as can be. */
export const ALONE: ReadingSizes = { windowBytes: 8 << 20, smallBytes: 1 << 20 };
export const TOGETHER: ReadingSizes = { windowBytes: 64, smallBytes: 0 };

export function layoutOf(columns: readonly RowColumn[], leftOut: readonly string[] = []): RowLayout {
  return { tables: [{ name: 'orders', path: '', columns }], key: [], asJson: [], leftOut };
}

/** A job on a new file with these bytes. */
export async function jobOn(
  bytes: Uint8Array | string,
  format: CsvFormat,
  layout: RowLayout,
  more: Partial<RowsJob> = {},
): Promise<RowsJob> {
  const folder = await temporaryFolder();
  const path = join(await temporaryFolder(), 'orders.csv');
  await writeFile(path, bytes);
  return { path, name: 'orders.csv', format, layout, folder, threads: 2, ...more };
}

export function read(job: RowsJob, sizes: ReadingSizes = ALONE): Promise<RowsSummary> {
  return readRows(job, () => undefined, new AbortController().signal, sizes);
}
