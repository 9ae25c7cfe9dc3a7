import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { withSession, type Session } from '../../duckdb/session.ts';
import { databaseProblem } from '../database/database-problem.ts';
import type { Work } from '../../progress.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { stagedLoad, type Load, type LoadColumn } from '../staged-load.ts';
import { planFile } from './plan-file.ts';
import { placeOf, requireOneTable } from './place.ts';
import { requireWritten } from './require-written.ts';
import { asideOf, discard, putInPlace, writeAside, type Aside } from './write-aside.ts';

/**
 * Publishes the tables of a run as Parquet files. Every file is written aside, read back and compared, and only when
 * all of them are there is one after the other renamed into its place. A file carries its own ledger, so that rows and
 * ledger become visible in the same rename; several files do not become visible in the same moment.
 */
export async function publishToParquet(request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  const { path, tables } = request.destination;
  const asides: Aside[] = [];
  try {
    requireOneTable(request);
    return await oneAtATime(path, work.signal, () =>
      withSession(work.signal, async (session) => {
        const loads: Load[] = [];
        for (const table of tables) {
          work.report({ step: `preparing ${table.name}` });
          loads.push(await stagedLoad(session, request, table, parquetColumn));
        }
        const published: PublishedTable[] = [];
        for (const load of loads) {
          work.report({ step: `publishing ${load.table.name}`, rows: sum(published) });
          published.push(await prepareFile(session, request, load, asides));
        }
        work.report({ step: 'committing', rows: sum(published) });
        work.signal.throwIfAborted();
        for (const aside of asides) await putInPlace(aside);
        work.report({ step: 'committed', rows: sum(published) });
        return published;
      }),
    );
  } catch (error) {
    await Promise.all(asides.map(discard));
    throw databaseProblem(error, path, []);
  }
}

/** Writes the file of a load aside, if there is anything to write, and returns its account. */
async function prepareFile(
  session: Session,
  request: PublishRequest,
  load: Load,
  asides: Aside[],
): Promise<PublishedTable> {
  const place = await placeOf(request, load);
  const plan = await planFile(session, request, load, place);
  if (!plan.write) return plan.published;
  const aside = await asideOf(place.file, request.run);
  asides.push(aside);
  await writeAside(session, plan.write.query, aside, plan.write.ledger);
  await requireWritten(session, request, plan.write, aside.path);
  return plan.published;
}

function sum(tables: readonly PublishedTable[]): number {
  return tables.reduce((total, table) => total + table.rows, 0);
}

/** Parquet has no 128-bit integers: DuckDB would write them as DOUBLE, which rounds. */
function parquetColumn(name: string, type: string): LoadColumn {
  if (type !== 'HUGEINT' && type !== 'UHUGEINT') return { name, type, expression: identifier(name) };
  return { name, type: 'DECIMAL(38,0)', expression: `CAST(${identifier(name)} AS DECIMAL(38,0))` };
}
