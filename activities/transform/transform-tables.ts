import type { ModelPlan } from '../../workflows/definition/index.ts';
import type { StagedTable, TransformedTable, TransformRequest } from '../../workflows/stages.ts';
import { literal } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { attachTables } from '../duckdb/staged-tables.ts';
import { openLake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { inDependencyOrder } from './in-dependency-order.ts';
import { makeTable } from './make-table.ts';

/** Models that run at once: DuckDB divides its threads among them. */
const AT_ONCE = 4;

/**
 * Runs the models over staged Parquet: each as soon as those that it reads are done, independent ones beside each other. Each
 * result is Parquet in the lake, named by its SQL and by the inputs that went in: a model whose inputs did not change is not
 * run again.
 *
 * @returns the tables in the order of the models
 */
export async function transformTables(request: TransformRequest, work: Work): Promise<TransformedTable[]> {
  const lake = openLake(request.lake);
  return withSession(work.signal, async (session) => {
    await setUp(session, request);
    await attachTables(session, lake, request.sources, []);
    const done = new Map<string, TransformedTable>();
    await inDependencyOrder(request.models, AT_ONCE, async (model) => {
      work.report({ step: model.name, rows: rowsOf(done.values()) });
      const table = await session.beside(async (own) => {
        await setUp(own, request);
        return makeTable(own, lake, request, model, inputsOf(model, request.sources, done));
      });
      await attachTables(session, lake, [], [table]);
      done.set(model.name, { ...table, ...promise(model, request.sources) });
    });
    return request.models.flatMap(({ name }) => done.get(name) ?? []);
  });
}

/** What SQL may ask of the run. */
async function setUp(session: Session, { asOf }: TransformRequest): Promise<void> {
  await session.run(`SET VARIABLE as_of = DATE ${literal(asOf)}`);
}

/** The tables that a model reads, by the names that its SQL has for them. */
function inputsOf(
  model: ModelPlan,
  sources: readonly StagedTable[],
  done: ReadonlyMap<string, StagedTable>,
): Map<string, StagedTable | undefined> {
  return new Map(
    model.inputs.map((input) => [input, sources.find(({ name }) => input === `source.${name}`) ?? done.get(input)]),
  );
}

function rowsOf(tables: Iterable<StagedTable>): number {
  return [...tables].reduce((sum, table) => sum + table.rows, 0);
}

function promise(model: ModelPlan, sources: readonly StagedTable[]): { promisedRows?: number } {
  const source = sources.find(({ name }) => name === model.onePer);
  return source ? { promisedRows: source.rows } : {};
}
