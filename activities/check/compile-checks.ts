import {
  isRowCheck,
  parseDuration,
  type CheckDefinition,
  type CheckPlan,
  type ModelDefinition,
  type RowCheck,
  type RowRule,
  type TableCheck,
} from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';
import { rowCondition } from './row-condition.ts';
import { rowCountQuery } from './compile-row-count.ts';

/** What checks are compiled with besides their table's definition. */
export interface CheckSettings {
  /** By name, without `.sql`. */
  readonly sqlFiles: ReadonlyMap<string, string>;
  /** Nothing is asked about the age of rows. */
  readonly ageless: boolean;
}

/**
 * Everything said about one table, as queries that return the rows that break it. The key's own check comes first. What has a
 * remedy is a rule, and finds nothing any more once the table is made.
 */
export function compileChecks(table: string, model: ModelDefinition, settings: CheckSettings): CheckPlan[] {
  return [
    keyCheck(table, model.key),
    ...(model.checks ?? [])
      .filter((check) => !isRule(check))
      .flatMap((check) => compileCheck(table, model, check, settings)),
  ];
}

/** What puts single rows of a table into quarantine, in the order of the definition. */
export function compileRules(table: string, model: ModelDefinition): RowRule[] {
  return (model.checks ?? []).filter(isRule).map((check) => {
    const { statement, broken } = rowCondition(table, model, check);
    return { name: check.name ?? `not: ${statement}`, broken };
  });
}

/** Whether rows that break it are taken out of the table, instead of being told. */
function isRule(check: CheckDefinition): check is RowCheck {
  return isRowCheck(check) && check.remedy !== undefined;
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

/** A statement, the query that finds what breaks it, and what names a row of that. */
export interface Query {
  readonly statement: string;
  readonly sql: string;
  readonly keys: readonly string[];
}

function compileCheck(
  table: string,
  model: ModelDefinition,
  check: CheckDefinition,
  settings: CheckSettings,
): CheckPlan[] {
  const severity = check.severity ?? 'error';
  const plan = ({ statement, sql, keys }: Query, more: Partial<CheckPlan> = {}): CheckPlan => ({
    name: check.name ?? `${table}: ${statement}`,
    table,
    severity,
    blocking: check.blocking ?? (severity === 'error' || severity === 'critical'),
    sql,
    keys,
    ...more,
  });
  if (isRowCheck(check)) {
    const { statement, broken, columns } = rowCondition(table, model, check);
    const keys = [...new Set([...model.key, ...columns])];
    const sql = `SELECT ${identifiers(keys, table)} FROM ${identifier(table)} WHERE ${broken}`;
    return [plan({ statement, sql, keys })];
  }
  if (check.kind === 'row-count') return [plan(rowCountQuery(table, model))];
  if (check.kind !== 'fresh') return [plan(tableQuery(table, check, settings))];
  if (settings.ageless) return [];
  const { warnAfter, within, column } = check;
  const late = plan(freshQuery(table, column, within));
  if (warnAfter === undefined) return [late];
  const warning = freshQuery(table, column, warnAfter);
  const name = check.name === undefined ? `${table}: ${warning.statement}` : `${check.name} (${warnAfter})`;
  return [late, plan(warning, { name, severity: 'warning', blocking: false })];
}

function tableQuery(
  table: string,
  check: Exclude<TableCheck, { readonly kind: 'fresh' | 'row-count' }>,
  { sqlFiles }: CheckSettings,
): Query {
  if (check.kind === 'sql') return { statement: check.file, sql: sqlFiles.get(check.file) ?? '', keys: [] };
  const columns = identifiers(check.columns);
  return {
    statement: `${check.columns.join(', ')} is unique`,
    sql: `SELECT ${columns}, count(*) AS times FROM ${identifier(table)} GROUP BY ${columns} HAVING count(*) > 1`,
    keys: check.columns,
  };
}

/** Ages count to the run's start, so that a run that is resumed judges the same. */
function freshQuery(table: string, column: string, within: string): Query {
  const newest = `CAST(max(${identifier(column)}) AS TIMESTAMP WITH TIME ZONE)`;
  const ms = parseDuration(within) ?? 0;
  return {
    statement: `newest ${column} is at most ${within} old`,
    sql: `SELECT ${newest} AS newest FROM ${identifier(table)}
      HAVING ${newest} IS NULL OR ${newest} < getvariable('started_at') - INTERVAL '${ms} milliseconds'`,
    keys: ['newest'],
  };
}
