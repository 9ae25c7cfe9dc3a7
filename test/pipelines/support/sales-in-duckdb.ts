import { duckdbType } from '../../../activities/duckdb/column-types.ts';
import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import type { Session } from '../../../activities/duckdb/session.ts';
import type { Plan, SourcePlan } from '../../../workflows/definition/index.ts';
import type { Count } from './plain-count.ts';

type Rows = Count['rows'];

/** The models of a plan, run over rows given as text; sources that are not given are empty. */
export async function runModels(session: Session, plan: Plan, rows: Readonly<Record<string, Rows>>): Promise<void> {
  await session.run(`SET VARIABLE as_of = DATE ${literal(plan.asOf)}`);
  await session.run('CREATE SCHEMA source');
  for (const source of plan.sources) await stage(session, source, rows[source.name] ?? []);
  for (const { name, sql } of plan.models) await session.run(`CREATE TABLE ${identifier(name)} AS ${sql}`);
}

/** A typed table `source.<name>`, with the columns that staging adds. */
async function stage(session: Session, { name, columns }: SourcePlan, rows: Rows): Promise<void> {
  const texts = `texts_${name}`;
  const names = columns.map((column) => column.name);
  await session.run(
    `CREATE TEMP TABLE ${identifier(texts)} (${names.map((column) => `${identifier(column)} VARCHAR`).join(', ')})`,
  );
  const appender = await session.connection.createAppender(texts);
  for (const row of rows) {
    for (const column of names) {
      const value = row[column] ?? null;
      if (value === null) appender.appendNull();
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
  const typed = columns.map(
    ({ name: column, type }) => `CAST(${identifier(column)} AS ${duckdbType(type)}) AS ${identifier(column)}`,
  );
  await session.run(
    `CREATE TABLE source.${identifier(name)} AS
     SELECT ${typed.join(', ')}, rowid + 2 AS _line, CAST(0 AS BIGINT) AS _offset FROM ${identifier(texts)}`,
  );
}
