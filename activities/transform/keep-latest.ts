import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';

/**
 * SQL that gives the numbers of all rows of a key but the one with the greatest values of `keepLatestBy`, NULL being the
 * least; of equal ones the one whose whole row sorts last stays. Rows that are parts of one thing (`partOf`) are first chosen
 * together: the parts of its latest version stay. Rows with a NULL in their key all stay. Each query asks those rows that the
 * ones before it have left.
 *
 * @param rows what stands behind `FROM`
 * @param row SQL of a row's number
 * @param columns of the rows
 */
export function olderRows(
  rows: string,
  row: string,
  { key, keepLatestBy = [], partOf = key }: Pick<ModelPlan, 'key' | 'keepLatestBy' | 'partOf'>,
  columns: readonly string[],
): string[] {
  const latest = keepLatestBy.map(falling).join(', ');
  const whole = [...keepLatestBy, ...columns.filter((name) => identifier(name) !== row)].map(falling).join(', ');
  const older = `rank() OVER (PARTITION BY ${identifiers(partOf)} ORDER BY ${latest}) > 1`;
  const double = `row_number() OVER (PARTITION BY ${identifiers(key)} ORDER BY ${whole}) > 1`;
  const isByRow = partOf.length === key.length;
  // The parts of most things agree on how late they are.
  const disagree = keepLatestBy.map(identifier).map(differs).join(' OR ');
  return [
    ...(isByRow ? [] : [among(rows, row, partOf, disagree, older)]),
    among(rows, row, key, 'count(*) > 1', double),
  ];
}

/** A condition over the rows of a group: they do not all have the same value, or none. */
function differs(column: string): string {
  return `min(${column}) IS DISTINCT FROM max(${column}) OR count(${column}) NOT IN (0, count(*))`;
}

function falling(name: string): string {
  return `${identifier(name)} DESC NULLS LAST`;
}

/**
 * Sorting is for the few keys of which something is to be taken out.
 *
 * @param suspicious a condition over all rows of a key
 * @param condition of those that are to be taken out
 */
function among(rows: string, row: string, key: readonly string[], suspicious: string, condition: string): string {
  const keys = identifiers(key);
  const hasKey = key.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ');
  return `SELECT ${row} FROM ${rows}
    WHERE ${hasKey} AND (${keys}) IN (SELECT (${keys}) FROM ${rows} GROUP BY ${keys} HAVING ${suspicious})
    QUALIFY ${condition}`;
}
