import type { DatabasePlan, DatabaseTable } from '../../../workflows/definition/index.ts';
import type { DatabaseSnapshot, SnapshotRequest, SnapshotTable } from '../../../workflows/database.ts';
import type { FailedSource } from '../../../workflows/stages.ts';
import { closest } from '../../../workflows/definition/closest.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { openLake } from '../../lake/lake.ts';
import { databaseUrl } from '../../postgres/database-url.ts';
import type { Work } from '../../progress.ts';
import { withScratchFolder } from '../../scratch-folder.ts';
import { landTable } from '../land-table.ts';
import { atOnce, together } from './at-once.ts';
import { readCatalogue, tablesOf, type CatalogueTable } from './catalogue.ts';
import { nextPosition, nextQuery } from './next-position.ts';
import { startOf } from './position.ts';
import { readTable, type InSnapshot } from './read-table.ts';
import { withSource, type SourceConnection } from './source-connection.ts';
import { sourceProblem } from './source-problems.ts';
import { tableReading, typeOf } from './table-reading.ts';
import { timeBound } from './time-bound.ts';

/** The part of a worker's settings that leads to databases. */
export interface SnapshotSettings {
  /** In which connections are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /**
   * The URL of a database of the environment's own, filled by a SQL file (absolute path) when it is first asked for. Default:
   * there are none here.
   */
  readonly sampleDatabase?: (name: string, sqlFile: string, signal: AbortSignal) => Promise<string>;
  /** How long somebody who locks a table is waited for, each of three times. Default 20 seconds. */
  readonly lockTimeoutMs?: number;
}

/** Statements that run in Postgres at once: each holds one of the four threads that Node has for all that is waited for. */
const AT_ONCE = 2;
/** How often a table that somebody locks is asked for again. */
const LOCK_TRIES = 3;

/** What costs one table; all else is about the whole database. */
const OF_ONE_TABLE: readonly string[] = [
  'SourceMissing',
  'SourceDenied',
  'SourceBusy',
  'SourceUnreadable',
  'DefinitionInvalid',
];

const CURSOR_TYPES: readonly RegExp[] = [/^timestamp.* with time zone$/, /^timestamp.* without time zone$/];

/**
 * Reads tables of a database in one exported snapshot, and lands them. A table that cannot be read is named; the others go on.
 * Safe to run twice: a retry reads everything again, in a snapshot of its own.
 *
 * Errors: `SettingMissing`, `SourceUnreachable`, `SourceDenied`, `SourceMissing` (the database itself), `ReadersDisagree`,
 * `DiskFull`; the signal's reason when aborted.
 */
export async function readSnapshot(
  request: SnapshotRequest,
  work: Work,
  settings: SnapshotSettings,
): Promise<DatabaseSnapshot> {
  const { database } = request;
  work.report({ step: database.sample === undefined ? 'connecting' : 'opening the sample database' });
  const url = await urlOf(database, settings, work.signal);
  try {
    return await withSource(url, work.signal, (source) => readAll(source, request, work), settings.lockTimeoutMs);
  } catch (error) {
    work.signal.throwIfAborted();
    throw sourceProblem(error, database.name);
  }
}

async function urlOf(
  { name, sample, ...reference }: DatabasePlan,
  { variables, sampleDatabase }: SnapshotSettings,
  signal: AbortSignal,
): Promise<string> {
  if (sample === undefined || !sampleDatabase) return databaseUrl(reference, name, variables, signal);
  return sampleDatabase((reference.setting ?? name).toLowerCase(), sample, signal);
}

async function readAll(source: SourceConnection, request: SnapshotRequest, work: Work): Promise<DatabaseSnapshot> {
  const { name, tables } = request.database;
  const inParts = tables.some(({ cursor }) => cursor !== undefined);
  // Before the snapshot, and outside of it.
  const bound = inParts ? await timeBound(source, work.signal) : undefined;
  return holding(source, async (inSnapshot) => {
    const catalogue = await readCatalogue(source, tables);
    const read: SnapshotTable[] = [];
    const failed: FailedSource[] = [];
    let rows = 0;
    await together(
      tables.map(async (table) => {
        try {
          const found = await requireReadable(source, name, table, catalogue.get(table.source));
          const one = await readOne(source, { table, found, bound }, inSnapshot, request, work);
          rows += one.rows;
          work.report({ step: `read ${table.schema}.${table.table}`, rows });
          read.push(one);
        } catch (error) {
          work.signal.throwIfAborted();
          const problem = sourceProblem(error, `${name}/${table.schema}.${table.table}`);
          if (!(problem instanceof AcequiaError) || !OF_ONE_TABLE.includes(problem.type)) throw problem;
          failed.push({
            name: table.source,
            error: { type: problem.type, message: problem.message, stage: 'snapshot' },
          });
        }
      }),
    );
    const order = (one: string): number => tables.findIndex(({ source: of }) => of === one);
    return {
      name,
      tables: read.sort((a, b) => order(a.source) - order(b.source)),
      failed: failed.sort((a, b) => order(a.name) - order(b.name)),
    };
  });
}

/** Holds a snapshot for as long as `use` reads in it. */
async function holding<Result>(
  { session, ask }: SourceConnection,
  use: (inSnapshot: InSnapshot) => Promise<Result>,
): Promise<Result> {
  const limited = atOnce(AT_ONCE);
  await session.run('BEGIN TRANSACTION READ ONLY');
  try {
    const [exported] = await ask<{ name: string }>('SELECT pg_export_snapshot() AS name');
    const taking = `SET TRANSACTION SNAPSHOT ${literal(exported?.name ?? '')}`;
    return await use((read) =>
      limited(() =>
        session.beside(async (own) => {
          await own.run('BEGIN TRANSACTION READ ONLY');
          try {
            await own.run(`CALL postgres_execute('source', ${literal(taking)})`);
            return await read(own);
          } finally {
            // Nothing was written. Past the session, which runs nothing more once it was cancelled.
            await own.connection.run('ROLLBACK').catch(() => undefined);
          }
        }),
      ),
    );
  } finally {
    await session.connection.run('ROLLBACK').catch(() => undefined);
  }
}

interface TableToRead {
  readonly table: DatabaseTable;
  readonly found: CatalogueTable;
  readonly bound: string | undefined;
}

async function readOne(
  source: SourceConnection,
  { table, found, bound }: TableToRead,
  inSnapshot: InSnapshot,
  { lake: uri, run, positions }: SnapshotRequest,
  work: Work,
): Promise<SnapshotTable> {
  const { cursor } = table;
  const start = cursor && startOf(positions[table.source], cursor.column, found);
  const reading = tableReading(table, found, start);
  return withScratchFolder(async (folder) => {
    const { files, rows } = await patiently(() => readTable(source, reading, inSnapshot, folder));
    const total = reading.where === undefined ? rows : await inSnapshot((own) => count(source, own, reading.relation));
    const query = nextQuery(reading, found, bound, start);
    const [row] = query === undefined ? [] : await inSnapshot((own) => source.ask<{ next: string | null }>(query, own));
    return {
      source: table.source,
      rows,
      total,
      ...(await landTable(openLake(uri), run, table.source, files, work)),
      ...nextPosition(reading, found, row?.next ?? null),
    };
  });
}

async function count({ ask }: SourceConnection, session: InSnapshotSession, relation: string): Promise<number> {
  const [row] = await ask<{ rows: string }>(`SELECT count(*)::text AS rows FROM ${relation}`, session);
  return Number(row?.rows ?? 0);
}

type InSnapshotSession = Parameters<Parameters<InSnapshot>[0]>[0];

/** A lock that is soon over costs no table. */
async function patiently<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      const isLocked = error instanceof Error && /lock timeout/i.test(error.message);
      if (!isLocked || tries >= LOCK_TRIES) throw error;
    }
  }
}

async function requireReadable(
  source: SourceConnection,
  database: string,
  { schema, table, cursor }: DatabaseTable,
  found: CatalogueTable | undefined,
): Promise<CatalogueTable> {
  const where = `${database}/${schema}.${table}`;
  if (!found) {
    const there = await tablesOf(source, schema);
    throw new AcequiaError('SourceMissing', {
      what: `There is no table "${table}" in the schema ${schema}.${closest(table, there)}`,
      where,
      why: there.length > 0 ? `Tables there are: ${there.join(', ')}.` : 'This user sees no table there.',
      remedy: 'mend the name in the definition, or give the table back its name',
    });
  }
  if (!found.readable) {
    throw new AcequiaError('SourceDenied', {
      what: `The user of this connection may not read ${schema}.${table}.`,
      where,
      remedy: `GRANT SELECT ON ${schema}.${table} to that user, and USAGE on the schema; or read as another one`,
    });
  }
  if (found.hidden) {
    throw new AcequiaError('SourceDenied', {
      what: `Row-level security hides rows of ${schema}.${table} from the user of this connection.`,
      where,
      remedy: 'read as the owner of the table, or as a user with BYPASSRLS',
    });
  }
  if (cursor) requireCursor(cursor.column, where, found);
  return found;
}

function requireCursor(column: string, where: string, found: CatalogueTable): void {
  const names = found.columns.map(({ name }) => name);
  if (!names.includes(column)) {
    throw new AcequiaError('SourceMissing', {
      what: `The cursor "${column}" is no column of the table.${closest(column, names)}`,
      where,
      why: `Its columns are: ${names.join(', ')}.`,
      remedy: 'name a column that says when a row has changed, or leave the cursor out',
    });
  }
  const type = typeOf(found, column);
  if (CURSOR_TYPES.some((fits) => fits.test(type))) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The cursor "${column}" is ${type} in Postgres; an instant says when a row has changed.`,
    where,
    remedy: 'name a column of the type timestamp with or without time zone, or leave the cursor out',
  });
}
