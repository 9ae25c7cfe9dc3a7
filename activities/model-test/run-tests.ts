import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Work } from '../progress.ts';
import { bindModels, type TableColumns } from '../plan/bind-models.ts';
import { shownPath } from '../plan/definition-file.ts';
import { loadDefinition } from '../plan/load-definition.ts';
import { makePlan } from '../plan/make-plan.ts';
import { keptType } from '../transform/make-rows.ts';
import { readTests } from './read-tests.ts';
import { invalidTest, runTest, type EmptyTables } from './run-test.ts';
import { requireModel, testFiles, type TestFile } from './test-files.ts';
import type { PipelineTests, TestResult } from './test-result.ts';

/** Where the sources of a plan are that is made for its models alone. */
const NOWHERE = '/';

/**
 * Runs the model tests of a pipeline, as its files are on disk now. They read no data and depend on no environment.
 * What is wrong with the definition, a file or a test is told in the result, and stops no other test.
 */
export async function runTests(pipelinesFolder: string, pipeline: string, work: Work): Promise<PipelineTests> {
  const files = await testFiles(pipelinesFolder, pipeline);
  if (files.length === 0) return { pipeline, problem: null, tests: [] };
  try {
    const { definition } = await loadDefinition(pipelinesFolder, pipeline);
    const places = { lake: `file://${NOWHERE}`, out: NOWHERE, samples: NOWHERE };
    const settings = { environment: 'test', defaults: true, ...places, variables: {} };
    const startedAt = new Date().toISOString();
    const plan = await makePlan(pipeline, { inbox: NOWHERE }, startedAt, { ...settings, pipelinesFolder }, work);
    return await withSession(work.signal, async (session) => {
      await bindModels(session, plan.sources, plan.models, plan.asOf);
      const tables = { columns: await keptColumns(session), asOf: definition.sample?.asOf };
      const tests: TestResult[] = [];
      for (const file of files) tests.push(...(await runFile(session, file, pipeline, plan.models, tables)));
      return { pipeline, problem: null, tests };
    });
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    return { pipeline, problem: error.message, tests: [] };
  }
}

async function runFile(
  session: Session,
  file: TestFile,
  pipeline: string,
  models: readonly ModelPlan[],
  tables: EmptyTables,
): Promise<TestResult[]> {
  try {
    const model = requireModel(file, models);
    const results: TestResult[] = [];
    for (const { name, where, test } of await readTests(file, pipeline)) {
      const outcome = 'problems' in test ? invalidTest(test.problems) : await runTest(session, model, test, tables);
      results.push({ model: file.model, name, where, ...outcome });
    }
    return results;
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    return [{ model: file.model, name: null, where: shownPath(file.path), ...invalidTest([error.message]) }];
  }
}

/** The columns of every table, in the types in which the models that read it will see them. */
async function keptColumns(session: Session): Promise<Map<string, TableColumns>> {
  const rows = await session.rows<{ schema: string; table: string; name: string; type: string }>(
    `SELECT schema_name AS schema, table_name AS "table", column_name AS name, data_type AS type
     FROM duckdb_columns() WHERE NOT internal ORDER BY column_index`,
  );
  const columns = new Map<string, TableColumns>();
  for (const { schema, table, name, type } of rows) {
    const kept = keptType(type);
    if (kept !== type) await session.run(`ALTER TABLE ${identifier(table)} ALTER ${identifier(name)} TYPE ${kept}`);
    const called = schema === 'source' ? `source.${table}` : table;
    columns.set(called, [...(columns.get(called) ?? []), { name, type: kept }]);
  }
  return columns;
}
