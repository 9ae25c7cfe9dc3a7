import { createHash } from 'node:crypto';
import type { ModelPlan } from '../../workflows/definition/index.ts';
import type { StagedTable, TransformedTable, TransformRequest } from '../../workflows/stages.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { sqlError } from '../duckdb/sql-error.ts';
import { attachTables, stagedRows } from '../duckdb/staged-tables.ts';
import { diskError } from '../failure/disk.ts';
import { openLake, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { keepLatest } from './keep-latest.ts';

/** Changes whenever the same SQL over the same input could give another file. */
const MODEL_FORMAT = 2;

/** The key of a model's own metadata under which it says how many rows were dropped of it: a model that is found is not counted again. */
const DEDUPLICATED = 'acequia_deduplicated';

/** A table of the session with the rows of a model, of which some are still to go. */
const MADE = '_made';

/**
 * Runs the models in their order over staged Parquet. Each result is Parquet in the lake, named by its SQL and by the
 * inputs that went in: a model whose inputs did not change is not run again.
 */
export async function transformTables(request: TransformRequest, work: Work): Promise<TransformedTable[]> {
  const lake = openLake(request.lake);
  return withSession(work.signal, async (session) => {
    await session.run(`SET VARIABLE as_of = DATE ${literal(request.asOf)}`);
    await attachTables(session, lake, request.sources, []);
    const done: TransformedTable[] = [];
    for (const model of request.models) {
      work.report({ step: model.name, rows: done.reduce((sum, table) => sum + table.rows, 0) });
      const table = await runModel(session, lake, request, model, done);
      await attachTables(session, lake, [], [table]);
      done.push({ ...table, ...promise(model, request.sources) });
    }
    return done;
  });
}

async function runModel(
  session: Session,
  lake: Lake,
  request: TransformRequest,
  model: ModelPlan,
  done: readonly StagedTable[],
): Promise<TransformedTable> {
  const key = `models/${request.run.pipeline}/${model.name}/${fingerprint(request, model, done)}.parquet`;
  if (!(await lake.claim(key))) {
    await lake.write(key, async (path) => {
      try {
        const rows = await exactRows(session, model.sql);
        await (model.keepLatestBy ? writeLatest(session, model, rows, path) : write(session, rows, path));
      } catch (cause) {
        throw modelError(model, cause, path);
      }
    });
  }
  const uris = [lake.uriOf(key)] as const;
  const rows = await session.count(`SELECT count(*) FROM ${stagedRows(lake, { uris })}`);
  const deduplicated = model.keepLatestBy
    ? { deduplicated: await readDeduplicated(session, lake.readable(uris[0])) }
    : {};
  return { name: model.name, rows, uris, ...deduplicated };
}

function write(session: Session, rows: string, path: string, options = ''): Promise<void> {
  return session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd${options})`);
}

/** The model's SQL is run once: what it gives the second time need not be the same. */
async function writeLatest(session: Session, model: ModelPlan, rows: string, path: string): Promise<void> {
  const made = identifier(MADE);
  await session.run(`CREATE TEMP TABLE ${made} AS ${rows}`);
  const deduplicated = await keepLatest(session, MADE, model);
  await write(session, `FROM ${made}`, path, `, KV_METADATA {${DEDUPLICATED}: '${deduplicated}'}`);
  await session.run(`DROP TABLE ${made}`);
}

function readDeduplicated(session: Session, path: string): Promise<number> {
  return session.count(
    `SELECT decode(value)::BIGINT FROM parquet_kv_metadata(${literal(path)}) WHERE decode(key) = ${literal(DEDUPLICATED)}`,
  );
}

/** Parquet has no 128-bit integers: DuckDB writes them as DOUBLE, which rounds. `sum` of integers is one. */
async function exactRows(session: Session, sql: string): Promise<string> {
  const columns = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE\n${sql}`);
  const wide = columns.filter(({ column_type: type }) => type === 'HUGEINT' || type === 'UHUGEINT');
  const exact = wide.map(
    ({ column_name: name }) => `CAST(${identifier(name)} AS DECIMAL(38,0)) AS ${identifier(name)}`,
  );
  return exact.length === 0 ? `\n${sql}\n` : `SELECT * REPLACE (${exact.join(', ')}) FROM (\n${sql}\n)`;
}

/** A full disk is no fault of the SQL. */
function modelError(model: ModelPlan, cause: unknown, path: string): unknown {
  const disk = diskError(cause, path);
  return disk === cause ? sqlError('ModelFailed', model.file, model.sql, cause, 1) : disk;
}

function fingerprint(request: TransformRequest, model: ModelPlan, done: readonly StagedTable[]): string {
  const inputs = model.inputs.map((input) => {
    const source = request.sources.find(({ name }) => input === `source.${name}`);
    const files = (source ?? done.find(({ name }) => name === input))?.uris ?? [];
    return [input, ...files.map((uri) => uri.replace(request.lake, ''))];
  });
  const latest = model.keepLatestBy ? [model.key, model.keepLatestBy] : [];
  const content = JSON.stringify([MODEL_FORMAT, request.asOf, model.sql, inputs, ...latest]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

function promise(model: ModelPlan, sources: readonly StagedTable[]): { promisedRows?: number } {
  const source = sources.find(({ name }) => name === model.onePer);
  return source ? { promisedRows: source.rows } : {};
}
