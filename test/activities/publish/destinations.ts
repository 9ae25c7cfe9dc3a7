import { join } from 'node:path';
import { publishTables } from '../../../activities/publish/publish-tables.ts';
import type { Work } from '../../../activities/progress.ts';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { DestinationPlan, LoadMode, TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest, StagedTable } from '../../../workflows/stages.ts';
import { askDuckdb, stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

/** A destination under test: where it is below a folder, and how any reader reads a table of it. */
export interface Destination {
  readonly name: string;
  readonly kind: DestinationPlan['kind'];
  readonly path: string;
  readonly read: (path: string, table: string, mode: LoadMode) => Promise<Record<string, string | null>[]>;
}

const SELECT = 'SELECT CAST(COLUMNS(*) AS VARCHAR) FROM';

export const DESTINATIONS: readonly Destination[] = [
  {
    name: 'SQLite',
    kind: 'sqlite',
    path: 'out/shop.db',
    // As DuckDB reads SQLite: `sqlite_query` writes doubles with 15 digits.
    read: (path, table) => readSqlite(path, `${SELECT} published."${table}"`),
  },
  {
    name: 'DuckDB',
    kind: 'duckdb',
    path: 'out/shop.duckdb',
    read: (path, table) => askDuckdb(path, `${SELECT} published."${table}"`),
  },
  { name: 'one Parquet file', kind: 'parquet', path: 'out/shop.parquet', read: (path) => askParquet(path) },
  {
    name: 'a folder of Parquet',
    kind: 'parquet',
    path: 'out/shop',
    read: (path, table, mode) => askParquet(join(path, mode === 'append' ? `${table}/*.parquet` : `${table}.parquet`)),
  },
];

function readSqlite(path: string, query: string): Promise<Record<string, string | null>[]> {
  return withSession(undefined, async (session) => {
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(path)} AS published (TYPE sqlite, READ_ONLY)`);
    return session.rows(query);
  });
}

export function askParquet(glob: string): Promise<Record<string, string | null>[]> {
  return withSession(undefined, (session) => session.rows(`${SELECT} read_parquet(${literal(glob)})`));
}

/** What the stage is asked for a run, but for what goes where. */
export function requestOf(folder: string, run: string): Omit<PublishRequest, 'destination' | 'tables'> {
  return {
    run: {
      pipeline: 'shop',
      environment: 'dev',
      workflowId: 'shop-dev',
      runId: run,
      rootRunId: run,
      startedAt: '2026-01-01T00:00:00.000Z',
    },
    lake: `file://${folder}/lake`,
    fullRefresh: [],
    requestedAt: '2026-01-01T00:00:00.000Z',
  };
}

interface Publishing {
  readonly folder: string;
  readonly kind: DestinationPlan['kind'];
  readonly path: string;
}

/** Publishes as the stage does it, for one run. */
export function publishAs(
  { folder, kind, path }: Publishing,
  run: string,
  tables: readonly TablePlan[],
  staged: readonly StagedTable[],
  more: Partial<PublishRequest> = {},
  work: Work = quietWork(),
): Promise<PublishedTable[]> {
  const destination = { name: 'shop', kind, path: join(folder, path), tables };
  return publishTables({ ...requestOf(folder, run), destination, tables: staged, ...more }, work);
}

/** A table of a source, as it was staged. */
export const table = (mode: LoadMode, more: Partial<TablePlan> = {}): TablePlan => ({
  name: 'sales',
  mode,
  from: 'source',
  columns: [],
  key: [],
  references: [],
  indexes: [],
  ...more,
});

/** A published place, and publishing to it one query after another. */
export async function place(destination: Destination) {
  const folder = await temporaryFolder();
  let runs = 0;
  const load = async (plan: TablePlan, query: string, more = {}) => {
    const run = `run-${(runs += 1)}`;
    return publishAs({ ...destination, folder }, run, [plan], [await stage(folder, plan.name, query)], more);
  };
  const path = join(folder, destination.path);
  return { folder, path, load, read: (mode: LoadMode = 'replace') => destination.read(path, 'sales', mode) };
}
