import type { Session } from '../../duckdb/session.ts';
import { isAnyOut, keptRows, IDENTITY } from './rejected.ts';
import type { JudgedTable } from './judge-rows.ts';

/**
 * Adds to `outdated` all good records of a key but the one with the greatest values of `latest`, NULL being the least; of
 * equal ones the one whose whole row sorts last is kept, and of rows that are all the same the last one in the files.
 *
 * @param columns all of the table
 */
export async function dropOutdated(
  session: Session,
  table: JudgedTable,
  { key, latest, columns }: Readonly<Record<'key' | 'latest' | 'columns', readonly string[]>>,
): Promise<void> {
  const kept = keptRows(table, await isAnyOut(session));
  const keys = table.typed.names(key).join(', ');
  const order = [...table.typed.names([...latest, ...columns]), ...IDENTITY.split(', ')]
    .map((name) => `${name} DESC NULLS LAST`)
    .join(', ');
  // Sorting is for the few keys that repeat.
  await session.run(`INSERT INTO outdated SELECT ${IDENTITY} FROM (${kept})
    WHERE (${keys}) IN (SELECT (${keys}) FROM (${kept}) GROUP BY ${keys} HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) > 1`);
}
