import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

/**
 * Takes from a table all rows of a key but the one with the greatest values of the model's `keepLatestBy`, NULL being the
 * least; of equal ones the one whose whole row sorts last stays. Rows with a NULL in their key all stay.
 *
 * @param table a table of the session, by its plain name
 * @returns how many rows went
 */
export async function keepLatest(
  session: Session,
  table: string,
  { key, keepLatestBy = [] }: Pick<ModelPlan, 'key' | 'keepLatestBy'>,
): Promise<number> {
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${identifier(table)}`);
  const order = [...keepLatestBy, ...columns.map(({ column_name: name }) => name)]
    .map((name) => `${identifier(name)} DESC NULLS LAST`)
    .join(', ');
  const keys = identifiers(key);
  const hasKey = key.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ');
  const before = await session.count(`SELECT count(*) FROM ${identifier(table)}`);
  // Sorting is for the few keys that repeat.
  await session.run(`DELETE FROM ${identifier(table)} WHERE rowid IN (
    SELECT rowid FROM ${identifier(table)}
    WHERE ${hasKey} AND (${keys}) IN (SELECT (${keys}) FROM ${identifier(table)} GROUP BY ${keys} HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) > 1)`);
  return before - (await session.count(`SELECT count(*) FROM ${identifier(table)}`));
}
