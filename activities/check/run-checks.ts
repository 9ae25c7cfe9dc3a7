import type { CheckPlan } from '../../workflows/definition/index.ts';
import type { CheckDetail, CheckOutcome, CheckReport, CheckRequest, StandingTables } from '../../workflows/stages.ts';
import { identifiers, literal } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { attachTables, stagedRows } from '../duckdb/staged-tables.ts';
import { maskQuoted } from '../failure/mask.ts';
import { openLake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { attachAsItWillBe, type StandingRelation } from './as-it-will-be.ts';
import { noteCounts } from './compile-row-count.ts';

/** Failing rows that a report names. */
const SAMPLE_ROWS = 10;

/** What checks are given of the tables that stand at a destination. */
export interface CheckSettings {
  /** Gives `use` those that are there, as SQL of the session reads them. */
  readonly withStanding: <Result>(
    session: Session,
    standing: StandingTables,
    signal: AbortSignal,
    use: (tables: ReadonlyMap<string, StandingRelation>) => Promise<Result>,
  ) => Promise<Result>;
}

/** Runs every check; a failed check is a result, and one that cannot run is a result too, of status `error`. */
export async function runChecks(request: CheckRequest, work: Work, settings: CheckSettings): Promise<CheckReport> {
  const lake = openLake(request.lake);
  const details = await withSession(work.signal, async (session) => {
    await session.run(`SET VARIABLE as_of = DATE ${literal(request.asOf)}`);
    await session.run(`SET VARIABLE started_at = CAST(${literal(request.run.startedAt)} AS TIMESTAMP WITH TIME ZONE)`);
    await noteCounts(session, request.counted ?? []);
    const ask = async (): Promise<CheckDetail[]> => {
      const found: CheckDetail[] = [];
      for (const [index, check] of request.checks.entries()) {
        work.report({ step: `${index + 1} of ${request.checks.length}` });
        found.push(await runCheck(session, check, work.signal));
      }
      return found;
    };
    const { standing } = request;
    const whole = request.tables.filter(({ name }) => !standing?.tables.some((table) => table.name === name));
    await attachTables(session, lake, request.sources, whole);
    if (!standing) return ask();
    return settings.withStanding(session, standing, work.signal, async (there) => {
      for (const table of standing.tables) {
        const load = request.tables.find(({ name }) => name === table.name);
        await attachAsItWillBe(session, table, there.get(table.name), load && (await stagedRows(lake, load)));
      }
      return ask();
    });
  });
  const report = await lake.writeText(
    `reports/${request.run.pipeline}/${request.run.runId}/${request.report ?? 'checks'}.json`,
    JSON.stringify(details, null, 2),
  );
  return { outcomes: details.map(outcomeOf), report };
}

async function runCheck(session: Session, check: CheckPlan, signal: AbortSignal): Promise<CheckDetail> {
  const { name, table, severity, blocking, sql: query } = check;
  const about = { name, table, severity, blocking, ...unconditionally(check), query };
  try {
    const failed = await session.count(`SELECT count(*) FROM (${query}\n)`);
    const sample = failed ? await sampleOf(session, check) : [];
    return { ...about, failed, sample, status: failed ? 'failed' : 'passed' };
  } catch (error) {
    signal.throwIfAborted();
    const message = maskQuoted(error instanceof Error ? error.message : String(error));
    return { ...about, failed: 0, sample: [], status: 'error', error: message };
  }
}

async function sampleOf(session: Session, check: CheckPlan): Promise<string[]> {
  const columns = check.keys.length ? identifiers(check.keys) : '*';
  const first = `SELECT ${columns} FROM (${check.sql}\n) ORDER BY ALL LIMIT ${SAMPLE_ROWS}`;
  const rows = await session.rows<Record<string, string | null>>(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${first})`);
  return rows.map((row) =>
    Object.entries(row)
      .map(([column, value]) => `${column}=${value ?? 'NULL'}`)
      .join(', '),
  );
}

function outcomeOf(detail: CheckDetail): CheckOutcome {
  const { name, severity, status, failed, blocking } = detail;
  return { name, severity, status, failed, blocking, ...unconditionally(detail) };
}

function unconditionally({ unconditional }: Pick<CheckOutcome, 'unconditional'>): Pick<CheckOutcome, 'unconditional'> {
  return unconditional ? { unconditional } : {};
}
