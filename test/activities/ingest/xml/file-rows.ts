import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import type { RowColumn, RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { readRows, type ReadingSizes } from '../../../../activities/ingest/rows/read-rows.ts';
import type { FormatJob, RowsSummary } from '../../../../activities/ingest/rows/reading.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

export type Row = Record<string, unknown>;

export interface FileRows {
  readonly summary: RowsSummary;
  /** By table, in the order of the rows. */
  readonly good: Readonly<Record<string, readonly Row[]>>;
  readonly suspect: Readonly<Record<string, readonly Row[]>>;
  readonly broken: readonly Row[];
}

export interface FileReading {
  readonly sizes?: ReadingSizes;
  readonly sampleBytes?: number;
}

/** Reads a file in threads, as a load does, and what came of it. */
export async function readFileRows(
  path: string,
  format: FormatJob,
  layout: RowLayout,
  { sizes, sampleBytes }: FileReading = {},
): Promise<FileRows> {
  const folder = await temporaryFolder();
  const job = { path, name: 'in', format, layout, folder, threads: 2, ...(sampleBytes ? { sampleBytes } : {}) };
  const summary = await readRows(job, () => undefined, new AbortController().signal, sizes);
  return withSession(undefined, async (session) => {
    const rowsOf = (file: string | undefined): Promise<Row[]> =>
      file === undefined ? Promise.resolve([]) : session.rows(`SELECT * FROM read_parquet(${literal(file)})`);
    const all = async (kind: 'good' | 'suspect'): Promise<Record<string, Row[]>> => {
      const tables = summary.tables.map(async (table) => [table.name, await rowsOf(table[kind]?.path)] as const);
      return Object.fromEntries(await Promise.all(tables));
    };
    return {
      summary,
      good: await all('good'),
      suspect: await all('suspect'),
      broken: await rowsOf(summary.brokenFile?.path),
    };
  });
}

/** A column of texts, or of something else. */
export function column(field: string, carrier: RowColumn['carrier'] = { kind: 'text' }): RowColumn {
  return { name: field, field, carrier, required: false, onMisfit: 'suspect' };
}

export function layoutOf(...columns: readonly RowColumn[]): RowLayout {
  return { tables: [{ name: 'rows', path: '', columns }], key: [], asJson: [], leftOut: [] };
}
