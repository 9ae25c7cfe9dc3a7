import type { CheckPlan, RowRule } from '../../workflows/definition/index.ts';
import { SNAPSHOT_TABLE } from '../check/compile-row-count.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** The tables a model's SQL reads: `source.<name>` or another model's name, each once, in order of appearance. */
export async function modelInputs(session: Session, file: string, sql: string): Promise<string[]> {
  const [row] = await session.rows<{ tree: string }>(`SELECT json_serialize_sql(${literal(sql)})::VARCHAR AS tree`);
  const tree = JSON.parse(row?.tree ?? '{}') as SerializedSql;
  if (tree.error) throw syntaxError(file, sql, tree);
  if (tree.statements?.length !== 1) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `A model is one SELECT statement; here are ${tree.statements?.length ?? 0}.`,
      where: file,
      remedy: 'give each table a file of its own under models/',
    });
  }
  const found = new Set<string>();
  collectTables(tree.statements[0], new Set(), found);
  return [...found];
}

/** The tables that the rules of a model read besides its own. `where`: the definition, for errors. */
export async function ruleInputs(
  session: Session,
  model: string,
  rules: readonly RowRule[],
  where: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, broken } of rules) {
    const sql = `SELECT 1 FROM ${identifier(model)} WHERE ${broken}`;
    found.push(...(await modelInputs(session, `${where}: check "${name}"`, sql)));
  }
  return found.filter((table) => table !== model);
}

/** A check with the tables that it looks at besides its own. `where`: the definition, for errors. */
export async function withInputs(session: Session, check: CheckPlan, where: string): Promise<CheckPlan> {
  const read = await modelInputs(session, `${where}: check "${check.name}"`, check.sql);
  const inputs = read.filter((name) => name !== check.table && name !== SNAPSHOT_TABLE);
  return inputs.length > 0 ? { ...check, inputs } : check;
}

interface SerializedSql {
  error?: boolean;
  error_message?: string;
  position?: string;
  statements?: unknown[];
}

interface TreeNode {
  type?: string;
  schema_name?: string;
  table_name?: string;
  cte_map?: { map?: { key: string; value: unknown }[] };
}

/** Walks the syntax tree. A common table expression hides a table of its name within the query that defines it. */
function collectTables(node: unknown, hidden: ReadonlySet<string>, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) collectTables(child, hidden, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, schema_name: schema, table_name: table, cte_map: ctes } = node as TreeNode;
  const names = ctes?.map?.map(({ key }) => key) ?? [];
  const within = names.length ? new Set([...hidden, ...names]) : hidden;
  if (type === 'BASE_TABLE' && table) {
    if (schema) found.add(`${schema}.${table}`);
    else if (!within.has(table)) found.add(table);
  }
  for (const child of Object.values(node)) collectTables(child, within, found);
}

function syntaxError(file: string, sql: string, tree: SerializedSql): AcequiaError {
  const offset = Number(tree.position ?? 0);
  const before = sql.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new AcequiaError('DefinitionInvalid', {
    what: `The SQL cannot be read: ${tree.error_message ?? 'unknown error'}\n      ${sql.split('\n')[line - 1] ?? ''}`,
    where: `${file}:${line}:${column}`,
    remedy: 'mend the SQL; a model is one SELECT statement that any DuckDB tool runs',
  });
}
