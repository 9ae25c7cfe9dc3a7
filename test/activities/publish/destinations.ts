import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { publishTables } from '../../../activities/publish/publish-tables.ts';
import type { Work } from '../../../activities/progress.ts';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession, type Session } from '../../../activities/duckdb/session.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { DestinationPlan, LoadMode, TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest, StagedTable } from '../../../workflows/stages.ts';
import { attachPostgres, createPostgresSecret } from '../../../activities/postgres/connection.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

/** A destination under test: where it is below a folder, and how any reader reads a table of it. */
export interface Destination extends Reading {
  readonly name: string;
  readonly kind: DestinationPlan['kind'];
  readonly path: string;
  readonly read: (path: string, table: string, mode: LoadMode) => Promise<Record<string, string | null>[]>;
  /** What it reports last before anything can be seen. */
  readonly lastMoment: string;
  readonly partitionBy?: readonly string[];
  /** Of one in a bucket: where it is published, and the way between there and the path at which it is read. */
  readonly remote?: {
    url(path: string): string;
    fetch(path: string): Promise<void>;
    put(path: string): Promise<void>;
  };
  /** The server that it needs, for a place by its path. */
  readonly server?: (path: string) => Promise<NonNullable<DestinationPlan['server']>>;
}

interface Reading {
  /** Of a database: attaches it as `published`. */
  readonly attach?: (session: Session, path: string) => Promise<void>;
  /** Of Parquet: the files of a table, as a glob. */
  readonly files?: (path: string, table: string, mode: LoadMode) => string;
  /** What stands behind `FROM` to read a table. */
  readonly rows: (path: string, table: string, mode: LoadMode) => string | Promise<string>;
}

const SELECT = 'SELECT CAST(COLUMNS(*) AS VARCHAR) FROM';

export function readBy(reading: Reading): Pick<Destination, 'read' | keyof Reading> {
  const read: Destination['read'] = (path, table, mode) =>
    withSession(undefined, async (session) => {
      await reading.attach?.(session, path);
      return session.rows(`${SELECT} ${await reading.rows(path, table, mode)}`);
    });
  return { ...reading, read };
}

function attachedBy(attach: NonNullable<Reading['attach']>): Pick<Destination, 'read' | keyof Reading> {
  return readBy({ attach, rows: (_, table) => `published."${table}"` });
}

export const DESTINATIONS: readonly Destination[] = [
  {
    name: 'SQLite',
    lastMoment: 'committing',
    kind: 'sqlite',
    path: 'out/shop.db',
    // As DuckDB reads SQLite: `sqlite_query` writes doubles with 15 digits.
    ...attachedBy(async (session, path) => {
      await loadExtension(session, 'sqlite_scanner');
      // Not read-only: what a kill has left in the journal is undone by the first one who opens the file and may write.
      await session.run(`ATTACH ${literal(path)} AS published (TYPE sqlite)`);
    }),
  },
  {
    name: 'DuckDB',
    lastMoment: 'committing',
    kind: 'duckdb',
    path: 'out/shop.duckdb',
    ...attachedBy((session, path) => session.run(`ATTACH ${literal(path)} AS published (TYPE duckdb, READ_ONLY)`)),
  },
  {
    name: 'one Parquet file',
    lastMoment: 'written',
    kind: 'parquet',
    path: 'out/shop.parquet',
    ...parquet((path) => path),
  },
  {
    name: 'a folder of Parquet',
    lastMoment: 'written',
    kind: 'parquet',
    path: 'out/shop',
    ...parquet((path, table, mode) => join(path, mode === 'append' ? `${table}/*.parquet` : `${table}.parquet`)),
  },
];

/** A table by partitions; what a reader finds there needs a type for the column that is in no file. */
export const PARTITIONED: Destination = {
  name: 'partitioned Parquet',
  lastMoment: 'written',
  kind: 'parquet',
  path: 'out/shop',
  partitionBy: ['day'],
  ...parquet(
    (path, table) => join(path, table, '**', '*.parquet'),
    ", hive_partitioning = true, hive_types = {'day': 'DATE'}, union_by_name = true",
  ),
};

function parquet(files: NonNullable<Reading['files']>, options = ''): Pick<Destination, 'read' | keyof Reading> {
  return readBy({
    files,
    rows: (path, table, mode) => `read_parquet(${literal(files(path, table, mode))}${options})`,
  });
}

let server: Promise<PostgresServer> | undefined;
let database: Promise<string> | undefined;

/** The one server of this process. */
export function postgresServer(): Promise<PostgresServer> {
  server ??= startPostgres();
  return server;
}

/** Every place has a schema of its own, in a database of that server. */
export async function schemaAt(path: string): Promise<{ url: string; schema: string }> {
  database ??= postgresServer().then((started) => started.database());
  return { url: await database, schema: `s_${createHash('sha256').update(path).digest('hex').slice(0, 16)}` };
}

/** A server's tables, and lakes with a catalogue. */
export const SERVED: readonly Destination[] = [
  {
    name: 'Postgres',
    lastMoment: 'committing',
    kind: 'postgres',
    path: 'postgres',
    server: schemaAt,
    ...readBy({
      attach: async (session, path) => {
        await loadExtension(session, 'postgres_scanner');
        await attachPostgres(session, 'published', (await schemaAt(path)).url);
      },
      rows: async (path, table) => `published."${(await schemaAt(path)).schema}"."${table}"`,
    }),
  },
  {
    name: 'DuckLake, its catalogue in SQLite',
    lastMoment: 'committing',
    kind: 'ducklake',
    path: 'out/shop.ducklake',
    ...attachedBy(async (session, path) => {
      for (const extension of ['sqlite_scanner', 'ducklake'] as const) await loadExtension(session, extension);
      await session.run(`ATTACH ${literal(`ducklake:sqlite:${path}.sqlite`)} AS published`);
    }),
  },
  {
    name: 'DuckLake, its catalogue in Postgres',
    lastMoment: 'committing',
    kind: 'ducklake',
    path: 'out/shop.ducklake',
    server: schemaAt,
    ...attachedBy(async (session, path) => {
      const { url, schema } = await schemaAt(path);
      for (const extension of ['postgres_scanner', 'ducklake'] as const) await loadExtension(session, extension);
      const { name } = await createPostgresSecret(session, url);
      await session.run(
        `ATTACH 'ducklake:postgres:' AS published (READ_ONLY, META_SECRET '${name}', METADATA_SCHEMA '${schema}')`,
      );
    }),
  },
];

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
    overrides: [],
    requestedAt: '2026-01-01T00:00:00.000Z',
  };
}

interface Publishing extends Pick<Destination, 'server' | 'remote'> {
  readonly folder: string;
  readonly kind: DestinationPlan['kind'];
  readonly path: string;
}

/** Publishes as the stage does it, for one run. */
export async function publishAs(
  { folder, kind, path: name, server, remote }: Publishing,
  run: string,
  tables: readonly TablePlan[],
  staged: readonly StagedTable[],
  more: Partial<PublishRequest> = {},
  work: Work = quietWork(),
): Promise<PublishedTable[]> {
  const own = join(folder, name);
  const path = remote?.url(own) ?? own;
  const destination = { name: 'shop', kind, path, tables, ...(server ? { server: await server(own) } : {}) };
  return publishTables({ ...requestOf(folder, run), destination, tables: staged, ...more }, work, { variables: {} });
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
