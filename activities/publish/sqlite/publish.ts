import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import { rowsDigest, type RowsDigest } from '../../duckdb/rows-digest.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { openLake } from '../../lake/lake.ts';
import type { Work } from '../../progress.ts';
import { loadIdOf } from '../load-id.ts';
import { kindOf, structureDifferences } from './audit-structure.ts';
import { sqliteColumn, type SqliteColumn } from './column-types.ts';
import { countChanges } from './count-changes.ts';
import { createIndexes, createTable } from './create-table.ts';
import { addEntry, createLedger, latestEntry, LEDGER, type LedgerEntry } from './ledger.ts';
import { openDatabase, unwritable } from './open-database.ts';

/** A table on its way: its rows as SQLite will hold them, under a name of DuckDB's own temporary schema. */
interface Incoming {
  readonly table: TablePlan;
  readonly columns: readonly SqliteColumn[];
  readonly relation: string;
  readonly content: RowsDigest;
  readonly loadId: string;
}

/**
 * Replaces the tables of a run in a SQLite file: rows, structure and ledger in one transaction. A table whose latest
 * ledger entry names the same load, and whose rows are still those, is left as it is. A kill at any moment leaves
 * either the old tables or the new ones: SQLite's journal undoes the rest.
 */
export async function publishToSqlite(request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  const { path } = request.destination;
  try {
    return await withSession(work.signal, async (session) => {
      const incoming: Incoming[] = [];
      for (const table of request.destination.tables) {
        work.report({ step: `preparing ${table.name}` });
        incoming.push(await prepare(session, request, table));
      }
      await openDatabase(session, path);
      await session.run('BEGIN TRANSACTION');
      const published = await replaceTables(session, request, incoming, work).catch(async (error: unknown) => {
        // Past the session, which runs nothing more once it was cancelled. The first error is the one to tell.
        await session.connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      });
      work.report({ step: 'committing', rows: sum(published) });
      await session.run('COMMIT');
      work.report({ step: 'committed', rows: sum(published) });
      return published;
    });
  } catch (error) {
    throw unwritable(error, path);
  }
}

async function prepare(session: Session, request: PublishRequest, table: TablePlan): Promise<Incoming> {
  const staged = request.tables.find(({ name }) => name === table.name);
  if (!staged) throw new Error(`the plan publishes ${table.name}, which no model made`);
  const columns = table.columns.map(({ name, type }) => sqliteColumn(name, type));
  const file = literal(openLake(request.lake).readable(staged.uri));
  const relation = `temp.main.${identifier(`incoming ${table.name}`)}`;
  const select = columns.map(({ name, expression }) => `${expression} AS ${identifier(name)}`).join(', ');
  await session.run(
    `CREATE TEMP TABLE ${identifier(`incoming ${table.name}`)} AS SELECT ${select} FROM read_parquet(${file})`,
  );
  const content = await rowsDigest(
    session,
    relation,
    columns.map(({ name }) => name),
  );
  return { table, columns, relation, content, loadId: loadIdOf(request.run.pipeline, table, content.digest) };
}

async function replaceTables(
  session: Session,
  request: PublishRequest,
  incoming: readonly Incoming[],
  work: Work,
): Promise<PublishedTable[]> {
  const published: PublishedTable[] = [];
  await createLedger(session);
  for (const next of incoming) {
    work.report({ step: `publishing ${next.table.name}`, rows: sum(published) });
    const latest = await latestEntry(session, request.destination.name, next.table.name);
    requireNewest(request, next, latest);
    if (!latest) await requireFreeName(session, request, next);
    published.push(
      latest && (await isThere(session, request, next, latest))
        ? standing(request, next, latest)
        : await replaceTable(session, request, next),
    );
  }
  return published;
}

/** A run that was overtaken (a worker that hung and came back) must not undo what a later run published. */
function requireNewest(request: PublishRequest, { table }: Incoming, latest: LedgerEntry | undefined): void {
  if (!latest || latest.requestedAt <= request.requestedAt) return;
  throw new AcequiaError('Superseded', {
    what: `A later run has published ${table.name} already.`,
    where: request.destination.path,
    why: `This load was asked for at ${request.requestedAt}, that one at ${latest.requestedAt}.`,
    remedy: 'start a new run',
  });
}

/** A table that no load of ours has made is somebody else's, and is not replaced. */
async function requireFreeName(session: Session, request: PublishRequest, { table }: Incoming): Promise<void> {
  const found = await kindOf(session, table.name);
  if (!found) return;
  throw new AcequiaError('DestinationNotOurs', {
    what: `The database holds a ${found} "${table.name}" that Acequia did not make.`,
    where: request.destination.path,
    why: `Its ledger, ${LEDGER}, knows no load of it. Nothing was changed, so that nothing of yours is lost.`,
    remedy: `rename or drop the ${found}, or publish to another file`,
  });
}

async function isThere(
  session: Session,
  request: PublishRequest,
  next: Incoming,
  latest: LedgerEntry,
): Promise<boolean> {
  if (latest.loadId !== next.loadId) return false;
  if (request.fullRefresh.includes(next.table.name) && latest.rootRunId !== request.run.rootRunId) return false;
  if ((await structureDifferences(session, next.table, next.columns)).length > 0) return false;
  const there = await rowsDigest(
    session,
    identifier(next.table.name),
    next.columns.map(({ name }) => name),
  );
  return there.digest === next.content.digest && there.rows === next.content.rows;
}

/** What this very run did before, as it counted it then; or, for a later run, nothing to do. */
function standing(request: PublishRequest, next: Incoming, latest: LedgerEntry): PublishedTable {
  const { rootRunId, requestedAt: _, ...counted } = latest;
  // Its structure was asked for just now, and is as declared: otherwise the table would be replaced.
  const standing = { ...counted, differences: [] };
  if (rootRunId === request.run.rootRunId) return standing;
  return { ...standing, inserted: 0, updated: 0, unchanged: next.content.rows, removed: 0 };
}

async function replaceTable(session: Session, request: PublishRequest, next: Incoming): Promise<PublishedTable> {
  const { table, columns, relation, content, loadId } = next;
  const changes = await countChanges(session, table, columns, relation);
  await session.run(`DROP TABLE IF EXISTS ${identifier(table.name)}`);
  await session.run(createTable(table, columns));
  await session.run(`INSERT INTO ${identifier(table.name)} SELECT * FROM ${relation} ORDER BY ALL`);
  for (const statement of createIndexes(table)) await session.run(statement);
  const written = await rowsDigest(
    session,
    identifier(table.name),
    columns.map(({ name }) => name),
  );
  if (written.digest !== content.digest || written.rows !== content.rows) {
    throw new AcequiaError('NotAccounted', {
      what: `What SQLite gives back of ${table.name} is not what it was given: ${written.rows} rows instead of ${content.rows}, or other values.`,
      where: request.destination.path,
      remedy: 'nothing was published; report this with the receipt',
    });
  }
  const differences = await structureDifferences(session, table, columns);
  const published = {
    name: table.name,
    destination: request.destination.name,
    loadId,
    ...changes,
    ...content,
    differences,
  };
  await addEntry(session, request, published);
  return published;
}

function sum(tables: readonly PublishedTable[]): number {
  return tables.reduce((total, table) => total + table.rows, 0);
}
