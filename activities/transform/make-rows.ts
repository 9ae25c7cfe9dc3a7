import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { sift, type TakenOut } from './sift.ts';

/**
 * Makes the rows of a model a temporary table of its name, without those that are taken out. Its SQL is run once: what it
 * gives the second time need not be the same.
 *
 * @param keep puts the quarantined rows away: the query that gives them
 */
export async function makeRows(
  session: Session,
  model: ModelPlan,
  keep: (rejected: string) => Promise<void>,
): Promise<TakenOut> {
  await session.run(`CREATE TEMP TABLE ${identifier(model.name)} AS ${await exactRows(session, model.sql)}`);
  return sift(session, model, keep);
}

/** SQL: the rows of a model, in the types that are kept of them. The model's own SQL begins in the second line. */
export async function exactRows(session: Session, sql: string): Promise<string> {
  const columns = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE\n${sql}`);
  const exact = columns
    .filter(({ column_type: type }) => keptType(type) !== type)
    .map(({ column_name: name, column_type: type }) => {
      return `CAST(${identifier(name)} AS ${keptType(type)}) AS ${identifier(name)}`;
    });
  return exact.length === 0 ? `\n${sql}\n` : `SELECT * REPLACE (${exact.join(', ')}) FROM (\n${sql}\n)`;
}

/** Parquet has no 128-bit integers: DuckDB writes them as DOUBLE, which rounds. `sum` of integers is one. */
export function keptType(type: string): string {
  return type === 'HUGEINT' || type === 'UHUGEINT' ? 'DECIMAL(38,0)' : type;
}
