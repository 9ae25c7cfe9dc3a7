import { join } from 'node:path';
import type { ModelPlan, ModelTest } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { sqlError } from '../duckdb/sql-error.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { TableColumns } from '../plan/bind-models.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { makeRows } from '../transform/make-rows.ts';
import type { TakenOut } from '../transform/sift.ts';
import { compareRows, LEFT_BY_COMPARISON } from './compare-rows.ts';
import { lacksAsOf, namesThatDoNotFit } from './fit-test.ts';
import { putRows } from './put-rows.ts';
import type { TestResult } from './test-result.ts';

const EXPECTED = '_expected';
const KEPT = '_kept';

/** The tables of a pipeline in a session, all of them empty. */
export interface EmptyTables {
  /** By the names that SQL gives them: `source.orders`, `dim_user`. */
  readonly columns: ReadonlyMap<string, TableColumns>;
  /** `YYYY-MM-DD`, where a test says nothing. */
  readonly asOf: string | undefined;
}

export type TestOutcome = Pick<TestResult, 'status' | 'problem' | 'difference'>;

/** Runs one test, and leaves the session as it was. */
export async function runTest(
  session: Session,
  model: ModelPlan,
  test: ModelTest,
  tables: EmptyTables,
): Promise<TestOutcome> {
  const columnsOf = (table: string): TableColumns => tables.columns.get(table) ?? [];
  const inputs = new Map(model.inputs.map((input) => [input, columnsOf(input)]));
  const asOf = test.asOf ?? tables.asOf;
  const unfit = namesThatDoNotFit(test, { model, inputs, columns: columnsOf(model.name) });
  if (lacksAsOf(model, asOf))
    unfit.push("asOf: the model reads getvariable('as_of'), and the pipeline has no sample to take the day from");
  if (unfit.length > 0) return invalidTest(unfit);
  try {
    if (asOf !== undefined) await session.run(`SET VARIABLE as_of = DATE ${literal(asOf)}`);
    const misfits: string[] = [];
    for (const [input, rows] of Object.entries(test.given))
      misfits.push(
        ...(await putRows(
          session,
          { table: sqlName(input), label: `given ${input}`, columns: columnsOf(input) },
          rows,
        )),
      );
    if (misfits.length > 0) return invalidTest(misfits);
    const { reasons } = await make(session, model);
    const compared = await compare(session, model, test);
    if (compared.status === 'passed') return quarantinedAs(test, reasons);
    return compared.status === 'failed' ? { ...compared, problem: takenOut(reasons) } : compared;
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    return { status: 'failed', problem: error.message, difference: null };
  } finally {
    for (const table of [EXPECTED, KEPT, ...LEFT_BY_COMPARISON])
      await session.run(`DROP TABLE IF EXISTS temp.${identifier(table)}`);
    for (const input of Object.keys(test.given))
      if (inputs.has(input)) await session.run(`DELETE FROM ${sqlName(input)}`);
  }
}

/** Makes the model's rows a temporary table, as a run keeps them. */
async function make(session: Session, model: ModelPlan): Promise<TakenOut> {
  return withScratchFolder(async (folder) => {
    try {
      const { kept, takenOut } = await makeRows(session, model, join(folder, 'rows.parquet'), () => Promise.resolve());
      await session.run(`CREATE TEMP TABLE ${identifier(KEPT)} AS ${kept}`);
      return takenOut;
    } catch (cause) {
      // Its message may quote values: they are those of the test.
      throw sqlError('DefinitionInvalid', model.file, model.sql, cause, 1);
    } finally {
      // It reads a file that is gone now.
      await session.run(`DROP VIEW IF EXISTS temp.main.${identifier(model.name)}`);
    }
  });
}

/** A row that is missed may be in quarantine. */
function takenOut(reasons: TakenOut['reasons']): string | null {
  if (reasons.length === 0) return null;
  return `put into quarantine by rules: ${reasons.map(({ reason, rows }) => `${rows} × ${reason}`).join(', ')}`;
}

/** Whether the rules took out what the test says, where it says so. */
function quarantinedAs({ quarantined }: ModelTest, reasons: TakenOut['reasons']): TestOutcome {
  const words = (rows: Readonly<Record<string, number>>): string =>
    Object.entries(rows)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(', ') || 'nothing';
  const made = words(Object.fromEntries(reasons.map(({ reason, rows }) => [reason, rows])));
  if (quarantined === undefined || words(quarantined) === made)
    return { status: 'passed', problem: null, difference: null };
  return {
    status: 'failed',
    problem: `quarantined: expected ${words(quarantined)}, made ${made}`,
    difference: null,
  };
}

async function compare(session: Session, model: ModelPlan, { expect }: ModelTest): Promise<TestOutcome> {
  const described = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${identifier(KEPT)}`);
  const columns = described.map((row) => ({ name: row.column_name, type: row.column_type }));
  await session.run(`CREATE TEMP TABLE ${identifier(EXPECTED)} AS FROM ${identifier(KEPT)} LIMIT 0`);
  const misfits = await putRows(session, { table: identifier(EXPECTED), label: 'expect', columns }, expect);
  if (misfits.length > 0) return invalidTest(misfits);
  const [first] = expect;
  const compared = columns.map(({ name }) => name).filter((name) => !first || Object.hasOwn(first, name));
  const key = model.key.every((name) => compared.includes(name)) ? model.key : [];
  const difference = await compareRows(session, { expected: EXPECTED, made: KEPT }, compared, key);
  return { status: difference ? 'failed' : 'passed', problem: null, difference };
}

/** The outcome of a test that has problems itself. */
export function invalidTest(problems: readonly string[]): TestOutcome {
  return { status: 'invalid', problem: problems.join('\n'), difference: null };
}

function sqlName(table: string): string {
  const source = /^source\.(.*)$/s.exec(table)?.[1];
  return source === undefined ? identifier(table) : `source.${identifier(source)}`;
}
