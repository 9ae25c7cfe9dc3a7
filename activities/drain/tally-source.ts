import type { BucketPlan, DrainSourcePlan } from '../../workflows/definition/index.ts';
import type { DrainTally, TallyRequest } from '../../workflows/drain-contract.ts';
import { loadExtension } from '../duckdb/extensions.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { MAGIC } from '../files/source-pattern.ts';
import { openLake } from '../lake/lake.ts';
import { attachPostgres } from '../postgres/connection.ts';
import type { Work } from '../progress.ts';
import { postgresProblem } from '../publish/postgres/problems.ts';
import { CONNECTION_SETTINGS } from './connection-settings.ts';
import { drainTotals } from './drain-ledger.ts';
import { askSql } from './postgres.ts';
import { ProcessedFiles } from './processed-files.ts';
import { prepareSink, SINK_TABLES } from './sink-tables.ts';
import { urlOf, type DrainSettings } from './urls.ts';

/**
 * What a source came to in a run, from the ledger; and of the records that the run put aside a copy in the lake, as of any source.
 * Run twice, it says the same.
 */
export async function tallySource(
  { run, drain, source: name, lake: lakeUri }: TallyRequest,
  work: Work,
  settings: DrainSettings,
): Promise<DrainTally> {
  const { target } = drain;
  const source = drain.from.find((one) => one.name === name);
  if (!source) throw new Error(`the plan has no source ${name}`);
  const lake = openLake(lakeUri);
  try {
    return await withSession(work.signal, async (session) => {
      await loadExtension(session, 'postgres_scanner');
      const url = await urlOf(target, settings, work.signal);
      await attachPostgres(session, 'sink', url, { settings: CONNECTION_SETTINGS });
      await prepareSink(session, target);
      const totals = await drainTotals(session, target, run.runId, name);
      const quarantine = await lake.write(`quarantine/${run.pipeline}/drained/${run.runId}/${name}.parquet`, (path) =>
        copyAside(session, path, asideOf(target, run.runId, name)),
      );
      const tally = { source: name, uri: placeOf(source), ...totals, quarantine };
      if (source.kind === 'queue') return tally;
      return { ...tally, ...(await new ProcessedFiles(target).tally(session, rootOf(source), run.startedAt)) };
    });
  } catch (error) {
    work.signal.throwIfAborted();
    throw postgresProblem(error, target.name);
  }
}

function placeOf(source: DrainSourcePlan): string {
  return source.kind === 'bucket' ? source.url : `postgres:${source.database.setting}/${source.schema}.${source.table}`;
}

/** What the URLs of its objects begin with. */
function rootOf({ url }: BucketPlan): string {
  const glob = url.search(MAGIC);
  return glob < 0 ? url : url.slice(0, glob);
}

function asideOf({ schema, table }: TallyRequest['drain']['target'], runId: string, slice: string): string {
  return `SELECT source_id, shape_id, misfit, reason, record FROM ${identifier(schema)}.${identifier(SINK_TABLES.aside)}
    WHERE table_name = ${literal(table)} AND run_id = ${literal(runId)} AND slice = ${literal(slice)}`;
}

/** `file` is the record's id; it has no line. */
async function copyAside(session: Session, path: string, query: string): Promise<void> {
  await session.run(`
    COPY (SELECT source_id AS file, CAST(NULL AS BIGINT) AS line, CAST(NULL AS BIGINT) AS "offset", misfit AS "column",
        CAST(NULL AS VARCHAR) AS value, CAST(NULL AS VARCHAR) AS expected,
        coalesce(reason, 'no mapping is for its shape ' || shape_id) AS reason, record, CAST(NULL AS VARCHAR) AS cells,
        false AS kept
      FROM (${askSql('sink', query)})) TO ${literal(path)} (FORMAT parquet)`);
}
