import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Work } from '../progress.ts';
import type { ApiRow } from './cell-text.ts';
import type { Field } from './field.ts';
import { runJob, startJob, type Job, type JobToRun } from './jobs.ts';
import type { Warehouse } from './warehouse.ts';

interface Page {
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly totalRows?: string;
  readonly rows?: readonly ApiRow[];
  readonly pageToken?: string;
}

/** Rows that are asked for at once; BigQuery itself keeps a page below 20 MB. */
const PAGE_ROWS = 20_000;

/** The rows of a query that has run: those of one moment, which stay the same for a day. */
export interface QueryRows {
  readonly fields: readonly Field[];
  readonly rows: number;
  readonly pages: AsyncIterable<readonly ApiRow[]>;
}

/** A query as a job. Names of tables without a dataset are those of the warehouse's. */
export function queryJob(warehouse: Warehouse, id: string, query: string): JobToRun {
  const { project: projectId, dataset: datasetId } = warehouse;
  const defaultDataset = { projectId, datasetId };
  return {
    id,
    start: (own) => startJob(warehouse, own, { query: { query, useLegacySql: false, defaultDataset } }),
  };
}

/** Runs a query, and gives its rows by pages. Error `JobFailed`; those of the API. */
export async function queryRows(warehouse: Warehouse, query: JobToRun, work: Work): Promise<QueryRows> {
  const job = await runJob(warehouse, query, work);
  const first = await page(warehouse, job);
  return {
    fields: first.schema?.fields ?? [],
    rows: Number(first.totalRows ?? 0),
    pages: pagesFrom(warehouse, job, first, work),
  };
}

/** All rows of a small answer, by name; values as the API has them. */
export async function smallAnswer(
  warehouse: Warehouse,
  query: JobToRun,
  work: Work,
): Promise<Record<string, string | null>[]> {
  const { fields, pages } = await queryRows(warehouse, query, work);
  const found: Record<string, string | null>[] = [];
  for await (const rows of pages)
    for (const { f } of rows)
      found.push(Object.fromEntries(fields.map(({ name }, at) => [name, (f[at]?.v ?? null) as string | null])));
  return found;
}

/** Writes rows to a file, a line each. Returns how many. */
export async function writeLines(
  path: string,
  pages: AsyncIterable<readonly ApiRow[]>,
  line: (row: ApiRow) => string,
  signal: AbortSignal,
): Promise<number> {
  let rows = 0;
  const text = async function* (): AsyncGenerator<string> {
    for await (const some of pages) {
      rows += some.length;
      yield some.map((row) => `${line(row)}\n`).join('');
    }
  };
  await pipeline(Readable.from(text()), createWriteStream(path), { signal });
  return rows;
}

async function* pagesFrom(
  warehouse: Warehouse,
  job: Job,
  first: Page,
  { signal }: Work,
): AsyncGenerator<readonly ApiRow[]> {
  for (let current = first; ; current = await page(warehouse, job, current.pageToken)) {
    signal.throwIfAborted();
    if (current.rows?.length) yield current.rows;
    if (!current.pageToken) return;
  }
}

function page({ ask, location }: Warehouse, { jobReference }: Job, pageToken?: string): Promise<Page> {
  return ask<Page>(`/queries/${jobReference.jobId}`, {
    query: {
      location: jobReference.location ?? location,
      maxResults: PAGE_ROWS,
      // Else instants come as floating-point seconds, which lose microseconds.
      'formatOptions.useInt64Timestamp': true,
      ...(pageToken ? { pageToken } : {}),
    },
  });
}
