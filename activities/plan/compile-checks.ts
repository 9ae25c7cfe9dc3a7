import type { CheckDefinition, CheckPlan, ModelDefinition, RowRule } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';

/**
 * Everything said about one table, as queries that return the rows that break it. The key's own check comes first. What has a
 * remedy is a rule, and finds nothing any more once the table is made.
 */
export function compileChecks(
  table: string,
  model: ModelDefinition,
  sqlFiles: ReadonlyMap<string, string>,
): CheckPlan[] {
  return [
    keyCheck(table, model.key),
    ...(model.checks ?? [])
      .filter((check) => check.remedy === undefined)
      .map((check) => compileCheck(table, model, check, sqlFiles)),
  ];
}

/** What puts single rows of a table into quarantine, in the order of the definition. */
export function compileRules(table: string, model: ModelDefinition): RowRule[] {
  return (model.checks ?? [])
    .filter((check) => check.remedy !== undefined)
    .map((check) => {
      const { statement, broken } = condition(table, model, check);
      return { name: check.name ?? `not: ${statement}`, broken };
    });
}

/** A key that repeats or is empty would break the destination's primary key, so this one always blocks. */
function keyCheck(table: string, key: readonly string[]): CheckPlan {
  const empty = key.map((column) => `${identifier(column)} IS NULL`).join(' OR ');
  return {
    name: `${table}: ${key.join(', ')} is unique and never empty`,
    table,
    severity: 'critical',
    blocking: true,
    unconditional: true,
    sql: `SELECT ${identifiers(key)}, count(*) AS times FROM ${identifier(table)} GROUP BY ${identifiers(key)} HAVING count(*) > 1 OR bool_or(${empty})`,
    keys: key,
  };
}

function compileCheck(
  table: string,
  model: ModelDefinition,
  check: CheckDefinition,
  sqlFiles: ReadonlyMap<string, string>,
): CheckPlan {
  const severity = check.severity ?? 'error';
  const { statement, sql, keys } = query(table, model, check, sqlFiles);
  return {
    name: check.name ?? `${table}: ${statement}`,
    table,
    severity,
    blocking: check.blocking ?? (severity === 'error' || severity === 'critical'),
    sql,
    keys,
  };
}

function query(
  table: string,
  model: ModelDefinition,
  check: CheckDefinition,
  sqlFiles: ReadonlyMap<string, string>,
): { statement: string; sql: string; keys: readonly string[] } {
  const from = identifier(table);
  switch (check.kind) {
    case 'unique':
      return {
        statement: `${check.columns.join(', ')} is unique`,
        sql: `SELECT ${identifiers(check.columns)}, count(*) AS times FROM ${from} GROUP BY ${identifiers(check.columns)} HAVING count(*) > 1`,
        keys: check.columns,
      };
    case 'that':
    case 'references': {
      const { statement, broken } = condition(table, model, check);
      const keys = [...new Set([...model.key, ...(check.kind === 'references' ? [check.column] : [])])];
      return { statement, sql: `SELECT ${identifiers(keys, table)} FROM ${from} WHERE ${broken}`, keys };
    }
    case 'sql':
      return { statement: check.file, sql: sqlFiles.get(check.file) ?? '', keys: [] };
  }
}

/** A statement about single rows: in words, and as SQL that is true of a row that breaks it. */
function condition(
  table: string,
  model: ModelDefinition,
  check: CheckDefinition,
): { readonly statement: string; readonly broken: string } {
  switch (check.kind) {
    case 'that':
      return { statement: check.predicate, broken: `NOT (${check.predicate}\n)` };
    case 'references': {
      const [other = '', column = ''] = (model.references?.[check.column] ?? '').split('.');
      const own = `${identifier(table)}.${identifier(check.column)}`;
      return {
        statement: `${check.column} exists in ${other}`,
        broken: `${own} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${identifier(other)} AS other WHERE other.${identifier(column)} = ${own})`,
      };
    }
    default:
      throw new Error(`a check of kind ${check.kind} is about whole tables`);
  }
}
