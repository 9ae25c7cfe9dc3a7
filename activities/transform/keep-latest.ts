import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

/**
 * Takes from a table all rows of a key but the one with the greatest values of the model's `keepLatestBy`, NULL being the
 * least; of equal ones the one whose whole row sorts last stays. Rows that are parts of one thing (`partOf`) are first chosen
 * together: the parts of its latest version stay. Rows with a NULL in their key all stay.
 *
 * @param table a table of the session, by its plain name
 * @returns how many rows went
 */
export async function keepLatest(
  session: Session,
  table: string,
  { key, keepLatestBy = [], partOf = key }: Pick<ModelPlan, 'key' | 'keepLatestBy' | 'partOf'>,
): Promise<number> {
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${identifier(table)}`);
  const latest = keepLatestBy.map(falling).join(', ');
  const whole = [...keepLatestBy, ...columns.map(({ column_name: name }) => name)].map(falling).join(', ');
  const older = `rank() OVER (PARTITION BY ${identifiers(partOf)} ORDER BY ${latest}) > 1`;
  const double = `row_number() OVER (PARTITION BY ${identifiers(key)} ORDER BY ${whole}) > 1`;
  const isByRow = partOf.length === key.length;
  return (isByRow ? 0 : await remove(session, table, partOf, older)) + (await remove(session, table, key, double));
}

function falling(name: string): string {
  return `${identifier(name)} DESC NULLS LAST`;
}

/** Sorting is for the few keys that repeat. */
async function remove(session: Session, table: string, key: readonly string[], condition: string): Promise<number> {
  const from = identifier(table);
  const keys = identifiers(key);
  const hasKey = key.map((name) => `${identifier(name)} IS NOT NULL`).join(' AND ');
  return session.count(`DELETE FROM ${from} WHERE rowid IN (
    SELECT rowid FROM ${from}
    WHERE ${hasKey} AND (${keys}) IN (SELECT (${keys}) FROM ${from} GROUP BY ${keys} HAVING count(*) > 1)
    QUALIFY ${condition})`);
}
