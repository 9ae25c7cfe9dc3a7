import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { bigQueryPlace } from '../../bigquery/place.ts';
import { jobId, runJob } from '../../bigquery/jobs.ts';
import { quotedTable } from '../../bigquery/quoted.ts';
import { queryJob, smallAnswer } from '../../bigquery/read-rows.ts';
import { openWarehouse } from '../../bigquery/warehouse.ts';
import { withSession } from '../../duckdb/session.ts';
import type { Work } from '../../progress.ts';
import { withScratchFolder } from '../../scratch-folder.ts';
import { allNew } from '../count-changes.ts';
import { entryIn } from '../database/ledger-row.ts';
import { requireNames } from '../database/require-names.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Variables } from '../publisher.ts';
import { notAccounted } from '../refusals.ts';
import { stagedLoad, type Load } from '../staged-load.ts';
import { bigQueryColumn } from './column-types.ts';
import { ensureLedger, ledgerRows } from './ledger.ts';
import { changeOf } from './change.ts';
import { planTable, type Planned } from './plan-table.ts';
import { publicationProblem, transactionProblem } from './publication-problem.ts';
import { readId, stageLoad, type Staging } from './staging.ts';
import { transactionScript, type Change } from './statements.ts';
import { dropTable, makeTable, remakeStatement } from './table-there.ts';

/** Names that BigQuery keeps for itself, and characters that it takes in none. */
const NAMES = {
  longest: 300,
  tables: /^$/,
  columns: /^(?:_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CHANGE_)|[!"$()*,./;?@[\]\\^`{}~]/i,
};

/**
 * Publishes the tables of a run to a dataset of BigQuery: each load by a load job into a table beside its own, then the rows of
 * all tables and their ledger in one transaction. Jobs are named after what they do: a retry finds them. What the ledger knows
 * already, and is still there, is left as it is.
 */
export async function publishToBigQuery(
  request: PublishRequest,
  work: Work,
  variables: Variables,
): Promise<PublishedTable[]> {
  const { path, server = {}, tables } = request.destination;
  const place = bigQueryPlace(server, path, variables);
  try {
    return await oneAtATime(path, work.signal, () =>
      withScratchFolder((folder) =>
        withSession(work.signal, async (session) => {
          const loads: Load[] = [];
          for (const table of tables) {
            work.report({ step: `preparing ${table.name}` });
            const load = await stagedLoad(session, request, table, bigQueryColumn);
            requireNames(request, NAMES, load);
            loads.push(load);
          }
          work.report({ step: 'connecting' });
          const warehouse = await openWarehouse(place, variables);
          return publishLoads({ warehouse, session, folder, work }, request, loads);
        }),
      ),
    );
  } catch (error) {
    work.signal.throwIfAborted();
    throw publicationProblem(error, path);
  }
}

async function publishLoads(
  staging: Staging,
  request: PublishRequest,
  loads: readonly Load[],
): Promise<PublishedTable[]> {
  const { warehouse, work } = staging;
  const names = loads.map(({ table }) => table.name);
  const ledger = await ledgerRows(warehouse, names, work);
  const plans: (Planned | PublishedTable)[] = [];
  for (const load of loads) {
    const rows = ledger.filter((row) => row.table_name === load.table.name);
    plans.push(await planTable({ staging, request, load, rows }));
  }
  await ensureLedger(warehouse);
  const changes: Change[] = [];
  for (const plan of plans) if ('load' in plan) changes.push(await bring(staging, request, plan));
  if (changes.length > 0) await commit(staging, request, changes);
  const entered = await ledgerRows(warehouse, names, work);
  const published = plans.map((plan): PublishedTable => {
    if (!('load' in plan)) return plan;
    const { load } = plan;
    const row = entered.findLast((one) => one.table_name === load.table.name && one.load_id === load.loadId);
    if (!row) throw notAccounted(request, load.table.name, 0, load.content.rows);
    const { pipeline: _, rootRunId: __, requestedAt: ___, ...entry } = entryIn(row, request.destination.name);
    return { ...entry, differences: [] };
  });
  work.report({ step: 'committed', rows: published.reduce((sum, { rows }) => sum + rows, 0) });
  // What is left of a publication that was cut off here goes with its time.
  for (const { staging: table } of changes) await dropTable(warehouse, table).catch(() => undefined);
  return published;
}

/** Brings the rows of a load beside their table, sees that they are those that were given, and makes the table ready for them. */
async function bring(staging: Staging, request: PublishRequest, { load, structure, made }: Planned): Promise<Change> {
  const { warehouse, work } = staging;
  const { name } = load.table;
  const { table, written } = await stageLoad(staging, load);
  if (written.rows !== load.content.rows || written.digest !== load.content.digest)
    throw notAccounted(request, name, written.rows, load.content.rows);
  const change = { request, load, made, staging: table };
  if (structure.kind === 'new') await makeTable(warehouse, name, structure.columns);
  if (structure.kind === 'wider') {
    for (const statement of structure.ddl) await runJob(warehouse, queryJob(warehouse, readId(), statement), work);
    return changeOf(warehouse, { ...change, ddl: structure.ddl });
  }
  if (structure.kind !== 'other') return changeOf(warehouse, change);
  const counting = queryJob(warehouse, readId(), `SELECT COUNT(*) AS n FROM ${quotedTable(warehouse, name)}`);
  const [counted] = await smallAnswer(warehouse, counting, work);
  await takeItsPlace(staging, request, load, table);
  return changeOf(warehouse, {
    ...change,
    counts: { ...allNew(load.content.rows), removed: Number(counted?.['n'] ?? 0) },
  });
}

/** A table with other columns is made anew with the rows in it, which is one step of its own: the ledger follows. */
async function takeItsPlace(
  { warehouse, work }: Staging,
  { run, requestedAt }: PublishRequest,
  { table, columns }: Load,
  staging: string,
): Promise<void> {
  const id = jobId(warehouse, 'remake', run.rootRunId, requestedAt, staging);
  await runJob(warehouse, queryJob(warehouse, id, remakeStatement(warehouse, table.name, columns, staging)), work);
}

/** The one transaction of a publication, by a job that is the same for every attempt of it. */
async function commit(
  { warehouse, work }: Staging,
  request: PublishRequest,
  changes: readonly Change[],
): Promise<void> {
  const { run, requestedAt } = request;
  work.report({ step: 'committing', rows: changes.reduce((sum, { rows }) => sum + rows, 0) });
  const id = jobId(warehouse, 'publish', run.rootRunId, requestedAt, ...changes.map(({ staging }) => staging));
  try {
    await runJob(warehouse, queryJob(warehouse, id, transactionScript(warehouse, changes)), work);
  } catch (error) {
    throw transactionProblem(error, request, changes);
  }
}
