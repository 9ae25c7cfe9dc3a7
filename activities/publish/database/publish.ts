import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import type { Work } from '../../progress.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { stagedLoad, type Load } from '../staged-load.ts';
import { appendRows } from './append-rows.ts';
import type { DatabasePlace } from './database-place.ts';
import type { DatabaseEngine } from './engine.ts';
import { ensureLedger } from './ledger.ts';
import { LEDGER } from './ledger-row.ts';
import { loadByKey } from './load-by-key.ts';
import { notMadeByUs, requireTable } from './other-table.ts';
import { replaceTable } from './replace-table.ts';
import { requireNames } from './require-names.ts';
import { withTriggersNamed } from './with-triggers-named.ts';

/** One table of a publication, inside its transaction. */
export interface Step {
  readonly session: Session;
  readonly engine: DatabaseEngine;
  readonly request: PublishRequest;
  readonly load: Load;
}

const BY_MODE: Readonly<Record<LoadMode, (step: Step) => Promise<PublishedTable>>> = {
  replace: replaceTable,
  append: appendRows,
  merge: loadByKey,
  'delete-missing': loadByKey,
  scd2: loadByKey,
};

/**
 * Publishes the tables of a run to a database: rows, structure and ledger in one transaction. What the ledger knows
 * already, and is still there, is left as it is. A kill at any moment leaves either the old tables or the new ones: the
 * database undoes the rest.
 */
export async function publishToDatabase(
  engine: DatabaseEngine,
  place: DatabasePlace,
  request: PublishRequest,
  work: Work,
): Promise<PublishedTable[]> {
  const { path, tables } = request.destination;
  try {
    return await oneAtATime(path, work.signal, () =>
      withSession(work.signal, async (session) => {
        const loads: Load[] = [];
        for (const table of tables) {
          work.report({ step: `preparing ${table.name}` });
          const load = await stagedLoad(session, request, table, engine.column);
          requireNames(request, engine.names, load);
          loads.push(load);
        }
        work.report({ step: 'connecting' });
        await engine.open(session, place, 'write');
        await engine.begin(session, () => makeLedger(session, engine, request, loads));
        const published = await publishLoads(session, engine, request, loads, work).catch(async (error: unknown) => {
          // Past the session, which runs nothing more once it was cancelled. The first error is the one to tell.
          await session.connection.run('ROLLBACK').catch(() => undefined);
          throw error;
        });
        work.report({ step: 'committing', rows: sum(published) });
        await session.run('COMMIT');
        work.report({ step: 'committed', rows: sum(published) });
        return published;
      }),
    );
  } catch (error) {
    // What was cancelled is told as that, whatever the engine made of it.
    work.signal.throwIfAborted();
    throw engine.problem(error, path);
  }
}

/** Where nothing of ours is there yet, no ledger is left in a place that turns out to be somebody else's. */
async function makeLedger(
  session: Session,
  engine: DatabaseEngine,
  request: PublishRequest,
  loads: readonly Load[],
): Promise<void> {
  if (!(await engine.tableAt(session, LEDGER)))
    for (const { mode, table } of loads) {
      const there = await engine.tableAt(session, table.name);
      if (there) requireTable(request, table.name, there);
      if (there && mode === 'replace') throw notMadeByUs(request, table.name, there);
    }
  await ensureLedger(session, engine);
}

async function publishLoads(
  session: Session,
  engine: DatabaseEngine,
  request: PublishRequest,
  loads: readonly Load[],
  work: Work,
): Promise<PublishedTable[]> {
  const published: PublishedTable[] = [];
  for (const load of loads) {
    work.report({ step: `publishing ${load.table.name}`, rows: sum(published) });
    const step = { session, engine, request, load };
    published.push(await withTriggersNamed(step, () => BY_MODE[load.mode](step)));
  }
  return published;
}

function sum(tables: readonly PublishedTable[]): number {
  return tables.reduce((total, table) => total + table.rows, 0);
}
