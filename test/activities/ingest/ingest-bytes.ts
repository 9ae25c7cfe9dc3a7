import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { Work } from '../../../activities/progress.ts';
import {
  parseColumnType,
  type ColumnSpec,
  type SourceColumn,
  type SourcePlan,
} from '../../../workflows/definition/index.ts';
import type { IngestedSource, IngestRequest } from '../../../workflows/stages.ts';
import { quietWork } from '../../support/work.ts';
import { expectClosed } from './closed-sums.ts';

export type Row = Record<string, unknown>;
export type Columns = Readonly<Record<string, ColumnSpec>>;

export function contract(columns: Columns): SourceColumn[] {
  return Object.entries(columns).map(([name, spec]) => {
    const { type: text, formats = [] } = typeof spec === 'string' ? { type: spec } : spec;
    const parsed = parseColumnType(text);
    if (!parsed) throw new Error(`no type: ${text}`);
    return { name, list: '', field: name, ...parsed, formats };
  });
}

/** A request for `<folder>/in.csv` with a lake beside it. The run started just now. */
export function requestFor(folder: string, columns: Columns, source: Partial<SourcePlan> = {}): IngestRequest {
  return {
    run: {
      pipeline: 'shop',
      environment: 'local',
      workflowId: 'shop-local',
      runId: 'run',
      rootRunId: 'run',
      startedAt: new Date().toISOString(),
    },
    lake: pathToFileURL(join(folder, 'lake')).href,
    source: {
      name: 'orders',
      kind: 'csv',
      path: join(folder, 'in.csv'),
      columns: contract(columns),
      key: [],
      failAbove: 0.01,
      contract: { newColumns: 'discard-value', missingColumns: 'freeze', types: 'discard-row' },
      dialect: {},
      nested: { '*': 'tables' },
      ...source,
    },
  };
}

/** Writes the file, ingests it, and reads both results back. The sums must close. */
export async function ingestBytes(
  folder: string,
  bytes: Uint8Array | string,
  columns: Columns,
  source: Partial<SourcePlan> = {},
  work: Work = quietWork(),
): Promise<{ result: IngestedSource; staged: Row[]; quarantined: Row[] }> {
  const request = requestFor(folder, columns, source);
  await writeFile(request.source.path, bytes);
  const result = await ingestSource(request, work);
  await withSession(undefined, (session) => expectClosed(session, openLake(request.lake), result));
  return {
    result,
    staged: await parquetRows(request, stagedUris(result), '_file, _length'),
    quarantined: await parquetRows(request, [result.quarantine], 'cells, kept'),
  };
}

/** The files of the records' own table. */
export function stagedUris(result: IngestedSource): readonly string[] {
  return result.tables[0]?.uris ?? [];
}

async function parquetRows({ lake }: IngestRequest, uris: readonly string[], without: string): Promise<Row[]> {
  const rows = await stagedRows(openLake(lake), { uris });
  return withSession(undefined, (session) => session.rows(`SELECT * EXCLUDE (${without}) FROM ${rows}`));
}

/**
 * Staged texts as the bytes that are stored. DuckDB's Node API leaves out U+FEFF at the start of a text when it hands it
 * over, so the texts themselves would not show everything.
 */
export async function stagedTexts(
  folder: string,
  result: IngestedSource,
  columns: readonly string[],
): Promise<(string | null)[][]> {
  const staged = await stagedRows(openLake(requestFor(folder, {}).lake), { uris: stagedUris(result) });
  const hex = columns.map((name) => `hex(${identifier(name)}) AS ${identifier(name)}`).join(', ');
  const rows = await withSession(undefined, (session) =>
    session.rows<Record<string, string | null>>(`SELECT ${hex} FROM ${staged}`),
  );
  return rows.map((row) =>
    columns.map((name) => (row[name] == null ? null : Buffer.from(row[name], 'hex').toString('utf8'))),
  );
}

/** What DuckDB makes of the same file when it is left alone with it. */
export async function duckdbAlone(path: string, options = ''): Promise<Row[]> {
  return withSession(undefined, (session) => session.rows(`SELECT * FROM read_csv(${literal(path)}${options})`));
}
