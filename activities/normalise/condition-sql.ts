import type { Condition } from '../../workflows/definition/index.ts';
import { literal } from '../duckdb/identifiers.ts';

/** SQL of a condition, true or false. `text`: SQL of the value that stands at its path, NULL where none does. */
export function conditionSql({ equals, oneOf, like, present }: Condition, text: string): string {
  if (present !== undefined) return `(${text} IS ${present ? 'NOT ' : ''}NULL)`;
  if (like !== undefined) return `coalesce(regexp_full_match(${text}, ${literal(like)}), false)`;
  const values = oneOf ?? (equals === undefined ? [] : [equals]);
  return `coalesce(${text} IN (${values.map((value) => literal(String(value))).join(', ')}), false)`;
}
