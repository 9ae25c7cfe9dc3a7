import type { CheckValue, ModelDefinition, RowCheck } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';

/** A statement about single rows. */
export interface RowCondition {
  /** In words. */
  readonly statement: string;
  /** SQL, true of a row that breaks it; the row's table goes by its own name. */
  readonly broken: string;
  /** Columns that it looks at, where it says so: a row that breaks it is shown with them. */
  readonly columns: readonly string[];
}

export function rowCondition(table: string, model: ModelDefinition, check: RowCheck): RowCondition {
  const own = (column: string): string => `${identifier(table)}.${identifier(column)}`;
  switch (check.kind) {
    case 'that':
      return { statement: check.predicate, broken: `NOT (${check.predicate}\n)`, columns: [] };
    case 'references': {
      const [other = '', column = ''] = (model.references?.[check.column] ?? '').split('.');
      return {
        statement: `${check.column} exists in ${other}`,
        broken: `${own(check.column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${identifier(other)} AS other WHERE other.${identifier(column)} = ${own(check.column)})`,
        columns: [check.column],
      };
    }
    case 'not-null':
      return {
        statement: `${check.columns.join(', ')} ${check.columns.length === 1 ? 'is' : 'are'} never empty`,
        broken: check.columns.map((column) => `${own(column)} IS NULL`).join(' OR '),
        columns: check.columns,
      };
    case 'accepted':
      return {
        statement: `${check.column} is one of ${check.values.join(', ')}`,
        broken: `${own(check.column)} NOT IN (${check.values.map(sqlValue).join(', ')})`,
        columns: [check.column],
      };
    case 'range': {
      const { column, atLeast, atMost } = check;
      const limits = [
        ...(atLeast === undefined
          ? []
          : [{ words: `at least ${atLeast}`, broken: `${own(column)} < ${sqlValue(atLeast)}` }]),
        ...(atMost === undefined
          ? []
          : [{ words: `at most ${atMost}`, broken: `${own(column)} > ${sqlValue(atMost)}` }]),
      ];
      return {
        statement: `${column} is ${limits.map(({ words }) => words).join(' and ')}`,
        broken: limits.map(({ broken }) => broken).join(' OR '),
        columns: [column],
      };
    }
  }
}

/** A text takes the type of what it is compared with. */
function sqlValue(value: CheckValue): string {
  return typeof value === 'string' ? literal(value) : String(value);
}
