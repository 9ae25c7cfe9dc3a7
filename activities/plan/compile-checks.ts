import type { CheckDefinition, CheckPlan, ModelDefinition } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';

/** Everything said about one table, as queries that return the rows that break it. The key's own check comes first. */
export function compileChecks(
  table: string,
  model: ModelDefinition,
  sqlFiles: ReadonlyMap<string, string>,
): CheckPlan[] {
  return [
    keyCheck(table, model.key),
    ...(model.checks ?? []).map((check) => compileCheck(table, model, check, sqlFiles)),
  ];
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
      return {
        statement: check.predicate,
        sql: `SELECT ${identifiers(model.key)} FROM ${from} WHERE NOT (${check.predicate}\n)`,
        keys: model.key,
      };
    case 'references': {
      const [other = '', column = ''] = (model.references?.[check.column] ?? '').split('.');
      const keys = [...new Set([...model.key, check.column])];
      return {
        statement: `${check.column} exists in ${other}`,
        sql: `SELECT ${identifiers(keys, 'checked')} FROM ${from} AS checked WHERE ${identifier('checked')}.${identifier(check.column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${identifier(other)} AS other WHERE other.${identifier(column)} = checked.${identifier(check.column)})`,
        keys,
      };
    }
    case 'sql':
      return { statement: check.file, sql: sqlFiles.get(check.file) ?? '', keys: [] };
  }
}
