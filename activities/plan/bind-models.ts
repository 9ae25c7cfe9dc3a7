import { provenanceOf, provenanceType, RECORD_PROVENANCE } from '../names/provenance.ts';
import { contractTables, type CheckPlan, type ModelPlan, type SourcePlan } from '../../workflows/definition/index.ts';
import { SNAPSHOT_SCHEMA } from '../check/compile-row-count.ts';
import { duckdbType } from '../duckdb/column-types.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { sqlError } from '../duckdb/sql-error.ts';

/** The columns of a table, in order, with DuckDB's names of their types. */
export type TableColumns = readonly { readonly name: string; readonly type: string }[];

/**
 * Makes every source and model as an empty table, so that a name or type that does not fit is found before any data
 * moves. Returns the columns of each model.
 */
export async function bindModels(
  session: Session,
  sources: readonly Pick<SourcePlan, 'name' | 'columns' | 'key'>[],
  models: readonly ModelPlan[],
  asOf: string,
): Promise<Map<string, TableColumns>> {
  await session.run(`SET VARIABLE as_of = DATE ${literal(asOf)}`);
  await session.run('CREATE SCHEMA source');
  for (const source of sources) for (const table of emptyTables(source)) await session.run(table);
  const columns = new Map<string, TableColumns>();
  for (const model of models) {
    await bind(session, model.file, `CREATE TABLE ${identifier(model.name)} AS\n`, model.sql);
    columns.set(model.name, await describe(session, model.name));
  }
  return columns;
}

/** Makes a table that is taken over from a source as an empty one. Returns its columns. */
export async function bindTakenOver(session: Session, name: string, from: string): Promise<TableColumns> {
  const [schema = '', table = ''] = from.split('.');
  const where = RECORD_PROVENANCE.map((column) => `column_name = '${column}'`).join(' OR ');
  const own = `COLUMNS(column_name -> NOT (${where}))`;
  await session.run(
    `CREATE TABLE ${identifier(name)} AS SELECT ${own} FROM ${identifier(schema)}.${identifier(table)}`,
  );
  return describe(session, name);
}

/** Every check's query must fit the tables it asks. */
export async function bindChecks(session: Session, where: string, checks: readonly CheckPlan[]): Promise<void> {
  await session.run('SET VARIABLE started_at = now()');
  for (const statement of SNAPSHOT_SCHEMA) await session.run(statement);
  for (const check of checks) await bind(session, `${where}: check "${check.name}"`, 'EXPLAIN\n', check.sql);
}

/** Every rule must fit the table that it judges, and those that it looks into. */
export async function bindRules(session: Session, where: string, models: readonly ModelPlan[]): Promise<void> {
  for (const { name, rules = [] } of models)
    for (const rule of rules)
      await bind(
        session,
        `${where}: check "${rule.name}"`,
        'EXPLAIN\n',
        `SELECT 1 FROM ${identifier(name)} WHERE ${rule.broken}`,
      );
}

/** One table for the records of a source, and one for each list in them that the contract names. */
function emptyTables(source: Pick<SourcePlan, 'name' | 'columns' | 'key'>): string[] {
  const tables = contractTables(source);
  return tables.map(({ list, name, columns }) => {
    const described = columns.map((column) => `${identifier(column.name)} ${duckdbType(column.type)}`);
    const provenance = provenanceOf(list, source.key, tables).map((column) => `${column} ${provenanceType(column)}`);
    return `CREATE TABLE source.${identifier(name)} (${[...described, ...provenance].join(', ')})`;
  });
}

async function bind(session: Session, where: string, prefix: string, sql: string): Promise<void> {
  try {
    await session.run(`${prefix}${sql}`);
  } catch (cause) {
    throw sqlError('DefinitionInvalid', where, sql, cause, 1);
  }
}

async function describe(session: Session, table: string): Promise<TableColumns> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${identifier(table)}`);
  return rows.map((row) => ({ name: row.column_name, type: row.column_type }));
}
