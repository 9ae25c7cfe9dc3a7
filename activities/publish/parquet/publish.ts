import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import { databaseProblem } from '../database/database-problem.ts';
import type { Work } from '../../progress.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { notAccounted } from '../refusals.ts';
import { renamed } from './renamed.ts';
import { stagedLoad, type Load, type LoadColumn } from '../staged-load.ts';
import { openFileStorage, type FileStorage } from './file-storage.ts';
import { layoutOf, requireOneTable } from './layout.ts';
import { partitionColumns } from './partitions.ts';
import { planTable } from './plan-table.ts';
import { rowsOf } from './rows-of.ts';
import type { ImageToWrite, Step } from './step.ts';
import { asidePath, discard, removeAsides, workflowOf, writeAside, type Aside } from './write-aside.ts';

/**
 * Publishes the tables of a run as Parquet files. Every file is written aside, read back and compared; when all of them
 * are there it is written down which go where, and then one after the other is renamed into its place. Whoever publishes
 * there next finishes what was cut off. A file carries its own ledger, so that rows and ledger become visible in the same
 * rename; several files do not become visible in the same moment.
 */
export async function publishToParquet(request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  const { path } = request.destination;
  requireOneTable(request);
  return oneAtATime(path, work.signal, async () => {
    const storage = await openFileStorage(path);
    try {
      return await publishFiles(storage, request, work);
    } catch (error) {
      throw renamed(databaseProblem(error, path, []), storage.named);
    }
  });
}

async function publishFiles(storage: FileStorage, request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  const owner = workflowOf(request.run);
  await storage.finish(owner);
  const { published, written } = await prepare(storage, request, work);
  const rows = sum(published);
  work.report({ step: 'committing', rows });
  // From here on files go into their places: what fails now is finished by the next attempt.
  await storage.carryOut(written, owner, (step) => work.report({ step, rows }));
  await Promise.all(written.map(discard));
  work.report({ step: 'committed', rows });
  return published;
}

interface Prepared {
  readonly published: PublishedTable[];
  readonly written: readonly Aside[];
}

/** Writes all files aside. When one of them cannot be written, none is left. */
async function prepare(storage: FileStorage, request: PublishRequest, work: Work): Promise<Prepared> {
  const asides: Pick<Aside, 'path'>[] = [];
  try {
    return await withSession(work.signal, async (session) => {
      const loads: Load[] = [];
      for (const table of request.destination.tables) {
        work.report({ step: `preparing ${table.name}` });
        loads.push(await stagedLoad(session, request, table, parquetColumn));
      }
      const published: PublishedTable[] = [];
      const written: Aside[] = [];
      for (const load of loads) {
        work.report({ step: `publishing ${load.table.name}`, rows: sum(published) });
        const step = await stepOf(session, storage, request, load);
        await removeAsides(step);
        const plan = await planTable(step);
        published.push(plan.published);
        if (plan.write) written.push(await writeTable(step, plan.write, asides));
      }
      work.report({ step: 'written', rows: sum(published) });
      work.signal.throwIfAborted();
      return { published, written };
    });
  } catch (error) {
    await Promise.all(asides.map(discard));
    throw error;
  }
}

async function stepOf(session: Session, storage: FileStorage, request: PublishRequest, load: Load): Promise<Step> {
  await storage.fetch(load.table.name, load.mode === 'append' ? load.loadId : undefined);
  const layout = await layoutOf(storage.path, request, load.table, load.loadId);
  return { session, request, load, layout, partitions: partitionColumns(load) };
}

/** Writes the files of a load aside, and sees that they give back what was given. */
async function writeTable(step: Step, image: ImageToWrite, asides: Pick<Aside, 'path'>[]): Promise<Aside> {
  const { session, request, load, partitions } = step;
  const path = asidePath(step);
  asides.push({ path });
  const aside = await writeAside(step, path, image);
  const files = aside.moves.map(({ from }) => from);
  const isWhole = aside.relation === image.relation;
  const given = (isWhole && image.content) || (await rowsDigest(session, aside.relation, image.columns));
  const there =
    files.length > 0
      ? await rowsDigest(session, rowsOf(files, partitions), image.columns)
      : { rows: 0, digest: given.digest };
  if (there.digest !== given.digest || there.rows !== given.rows)
    throw notAccounted(request, load.table.name, there.rows, given.rows);
  return aside;
}

function sum(tables: readonly PublishedTable[]): number {
  return tables.reduce((total, table) => total + table.rows, 0);
}

/** Parquet has no 128-bit integers: DuckDB would write them as DOUBLE, which rounds. */
export function parquetColumn(name: string, type: string): LoadColumn {
  if (type !== 'HUGEINT' && type !== 'UHUGEINT') return { name, type, expression: identifier(name) };
  return { name, type: 'DECIMAL(38,0)', expression: `CAST(${identifier(name)} AS DECIMAL(38,0))` };
}
