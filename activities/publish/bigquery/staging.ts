import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDuplicate, JobFailed } from '../../bigquery/api-error.ts';
import { textLine } from '../../bigquery/cell-text.ts';
import type { Field } from '../../bigquery/field.ts';
import { jobId, runJob, type Job } from '../../bigquery/jobs.ts';
import { quotedTable } from '../../bigquery/quoted.ts';
import { queryJob, queryRows, smallAnswer, writeLines } from '../../bigquery/read-rows.ts';
import { typedRows } from '../../bigquery/typed-rows.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import { rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import type { Work } from '../../progress.ts';
import type { Load } from '../staged-load.ts';
import { fieldFor, writtenText } from './column-types.ts';
import { loadFailed } from './load-failed.ts';

/** How long a staging table stays that nobody has dropped, milliseconds. */
const LIFE_MS = 24 * 3_600_000;

/** Rows up to which a load is read back and compared by its values before it goes into its table; beyond, rows are counted. */
export const READ_BACK_ROWS = 200_000;

/** Where the rows of a load are put, and what is needed for it. */
export interface Staging {
  readonly warehouse: Warehouse;
  readonly session: Session;
  /** For what is sent and what comes back. */
  readonly folder: string;
  readonly work: Work;
}

/**
 * Brings the rows of a load into a table beside the one that they are for, and reads them back. Whoever tries again finds the
 * table, and the job that fills it, by their names. Returns the table's name, and what it gives back. Errors:
 * `DestinationMismatch` for rows that BigQuery does not take; those of the API.
 */
export async function stageLoad(
  staging: Staging,
  load: Load,
): Promise<{ readonly table: string; readonly written: RowsDigest }> {
  const { warehouse, session, folder, work } = staging;
  const fields = load.columns.map(fieldFor);
  const table = nameOf(load, fields);
  const madeAt = await makeStaging(warehouse, table, fields);
  if (load.content.rows > 0) {
    const path = join(folder, `${table}.ndjson`);
    await writeRows(session, load, path);
    const job = {
      id: jobId(warehouse, `load_${load.loadId}`, table, madeAt),
      start: (id: string) => upload(staging, { table, fields, path, id }),
    };
    work.report({ step: `loading ${load.table.name}`, rows: load.content.rows, bytes: (await stat(path)).size });
    try {
      await runJob(warehouse, job, work);
    } catch (error) {
      throw error instanceof JobFailed ? await loadFailed(error, load, warehouse, path) : error;
    }
  }
  return { table, written: await contentOf(staging, load, table) };
}

/** Rows of a table by the columns and types of a load: their digest where they are few, else how many there are. */
export async function contentOf(staging: Staging, load: Load, table: string): Promise<RowsDigest> {
  const { warehouse, session, folder, work } = staging;
  const { columns, content } = load;
  const count = queryJob(warehouse, readId(), `SELECT COUNT(*) AS n FROM ${quotedTable(warehouse, table)}`);
  const [counted] = await smallAnswer(warehouse, count, work);
  const rows = Number(counted?.['n'] ?? 0);
  if (rows > READ_BACK_ROWS || rows !== content.rows)
    return { rows, digest: rows === content.rows ? content.digest : '' };
  const path = join(folder, `${table}.back`);
  await fetchTable(warehouse, table, path, work);
  return rowsDigest(
    session,
    typedRows(path, columns),
    columns.map(({ name }) => name),
  );
}

/** Reads a table into a file of lines in which every value is text. Returns its columns. */
export async function fetchTable(
  warehouse: Warehouse,
  table: string,
  path: string,
  work: Work,
): Promise<readonly Field[]> {
  const query = queryJob(warehouse, readId(), `SELECT * FROM ${quotedTable(warehouse, table)}`);
  const { fields, pages } = await queryRows(warehouse, query, work);
  await writeLines(path, pages, (row) => textLine(fields, row), work.signal);
  return fields;
}

/** Of a query whose answer is new every time. */
export function readId(): string {
  return `acequia_read_${crypto.randomUUID()}`;
}

/** A table of the same name has the same columns, and is filled by the same rows. */
function nameOf(load: Load, fields: readonly Field[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([load.table.name, fields]))
    .digest('hex');
  return `_acequia_load_${load.loadId}_${digest.slice(0, 8)}`;
}

/** Returns when it was made: one that was dropped and is made anew is filled by a job of its own. */
async function makeStaging(warehouse: Warehouse, table: string, fields: readonly Field[]): Promise<string> {
  const { ask, dataset, project } = warehouse;
  const tables = `/datasets/${dataset}/tables`;
  const body = {
    tableReference: { projectId: project, datasetId: dataset, tableId: table },
    schema: { fields },
    labels: { acequia: 'load' },
    expirationTime: String(Date.now() + LIFE_MS),
  };
  try {
    return (await ask<{ creationTime: string }>(tables, { method: 'POST', body })).creationTime;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return (await ask<{ creationTime: string }>(`${tables}/${table}`)).creationTime;
  }
}

/** As text throughout: JSON has no numbers that hold every value. */
async function writeRows(session: Session, { relation, columns }: Load, path: string): Promise<void> {
  const values = columns.map((column) => `${writtenText(column)} AS ${identifier(column.name)}`);
  await session.run(`COPY (SELECT ${values.join(', ')} FROM ${relation}) TO ${literal(path)} (FORMAT json)`);
}

interface Upload {
  readonly table: string;
  readonly fields: readonly Field[];
  readonly path: string;
  readonly id: string;
}

async function upload({ warehouse, work }: Staging, { table, fields, path, id }: Upload): Promise<Job> {
  const sent = warehouse.tableNamed(table).createLoadJob(path, {
    jobId: id,
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    schema: { fields: [...fields] as never },
    createDisposition: 'CREATE_NEVER',
    // An earlier attempt may have got as far as the rows.
    writeDisposition: 'WRITE_TRUNCATE',
    maxBadRecords: 0,
    ignoreUnknownValues: false,
  });
  const [job] = await orAborted(sent, work.signal);
  return job.metadata as Job;
}

/** The client knows no way to end an upload: it is left behind, and what it brings is for this load alone. */
async function orAborted<Result>(sent: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  sent.catch(() => undefined);
  try {
    return await Promise.race([sent, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
