import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withSession } from '../../../activities/duckdb/session.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import { ingestSource, type IngestSettings } from '../../../activities/ingest/ingest-source.ts';
import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { Work } from '../../../activities/progress.ts';
import type { Contract, ContractMode, SourcePlan } from '../../../workflows/definition/index.ts';
import type { IngestedSource } from '../../../workflows/stages.ts';
import { quietWork } from '../../support/work.ts';
import { requestFor, type Columns, type Row } from './ingest-bytes.ts';

export interface Ingested {
  readonly result: IngestedSource;
  readonly report: SourceReport;
  /** Staged rows by table, in their order, without `_length`. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** All columns of the quarantine. */
  readonly quarantined: readonly Row[];
}

/** Makes one mode for all breaches, or some of them, a contract. */
export function modes(all: ContractMode, some: Partial<Contract> = {}): { contract: Contract } {
  return { contract: { newColumns: all, missingColumns: all, types: all, ...some } };
}

/** Writes files into `<folder>/in/`, ingests that folder as one source, and reads everything back. */
export async function ingestFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  columns: Columns,
  source: Partial<SourcePlan> = {},
  { work = quietWork(), settings = {} }: { work?: Work; settings?: IngestSettings } = {},
): Promise<Ingested> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, 'in', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  const request = requestFor(folder, columns, { kind: 'files', path: join(folder, 'in'), failAbove: 1, ...source });
  const result = await ingestSource(request, work, settings);
  const lake = openLake(request.lake);
  const read = (uris: readonly string[], without: string): Promise<Row[]> =>
    withSession(undefined, async (session) =>
      session.rows(`SELECT * ${without} FROM ${await stagedRows(lake, { uris })}`),
    );
  const tables: Record<string, readonly Row[]> = {};
  for (const [index, { name, uris }] of result.tables.entries()) {
    tables[name] = await read(uris, index === 0 ? 'EXCLUDE (_length)' : '');
  }
  const quarantined = await read([result.quarantine], '');
  const report = JSON.parse(await lake.readText(result.report)) as SourceReport;
  return { result, report, tables, quarantined };
}

/** What an ingestion that fails fails with. */
export function failureOf(ingesting: Promise<unknown>): Promise<unknown> {
  return ingesting.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}
