import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { comparable, rowsIn, type SharedColumn } from './compared-columns.ts';

/** The two sides of a table, as paths of Parquet files. */
export interface Sides {
  readonly then: readonly string[];
  readonly now: readonly string[];
}

/** How differing rows are written down: `kind` (`added`, `removed`, `changed`), `times`, and the cells of both sides. */
export const [THEN, NOW] = [(index: number): string => `then_${index}`, (index: number): string => `now_${index}`];

/**
 * Writes the rows that are not on both sides alike as Parquet, told apart by a key that is unique on both.
 *
 * @param columns those that both sides have, the key among them; the cells of the key are compared like all others
 */
export async function differingByKey(
  session: Session,
  { then, now }: Sides,
  columns: readonly SharedColumn[],
  key: readonly SharedColumn[],
  path: string,
): Promise<void> {
  const side = (paths: readonly string[], name: (index: number) => string): string =>
    `(SELECT true AS there, ${[
      ...columns.map((column, index) => `${identifier(column.name)} AS ${name(index)}`),
      ...columns.map((column, index) => `${comparable(column)} AS compared_${index}`),
    ].join(', ')} FROM ${rowsIn(paths)})`;
  const at = (column: SharedColumn): number => columns.indexOf(column);
  const same = key.map((column) => `t.compared_${at(column)} = n.compared_${at(column)}`).join(' AND ');
  const differs = columns.map((_, index) => `t.compared_${index} IS DISTINCT FROM n.compared_${index}`).join(' OR ');
  const cells = columns.flatMap((_, index) => [
    `CAST(t.${THEN(index)} AS VARCHAR) AS ${THEN(index)}`,
    `CAST(n.${NOW(index)} AS VARCHAR) AS ${NOW(index)}`,
    `t.compared_${index} IS DISTINCT FROM n.compared_${index} AS differs_${index}`,
  ]);
  await write(
    session,
    `SELECT CASE WHEN t.there IS NULL THEN 'added' WHEN n.there IS NULL THEN 'removed' ELSE 'changed' END AS kind,
            1 AS times, ${cells.join(', ')}
     FROM ${side(then, THEN)} AS t FULL OUTER JOIN ${side(now, NOW)} AS n ON ${same}
     WHERE t.there IS NULL OR n.there IS NULL OR ${differs}`,
    path,
  );
}

/** The same for rows that are told apart by all their values: those that one side has more often. Nothing is `changed`. */
export async function differingByRow(
  session: Session,
  { then, now }: Sides,
  columns: readonly SharedColumn[],
  path: string,
): Promise<void> {
  const values = columns.map((column, index) => `${comparable(column)} AS compared_${index}`).join(', ');
  const side = (paths: readonly string[], sign: number): string =>
    paths.length === 0 ? '' : `SELECT ${[values, `${sign} AS side`].filter(Boolean).join(', ')} FROM ${rowsIn(paths)}`;
  const cells = columns.flatMap((_, index) => [
    `CAST(compared_${index} AS VARCHAR) AS ${THEN(index)}`,
    `CAST(compared_${index} AS VARCHAR) AS ${NOW(index)}`,
    `false AS differs_${index}`,
  ]);
  const group = columns.map((_, index) => `compared_${index}`).join(', ');
  await write(
    session,
    `SELECT CASE WHEN sum(side) > 0 THEN 'added' ELSE 'removed' END AS kind, abs(sum(side))::BIGINT AS times,
            ${cells.join(', ')}
     FROM (${[side(then, -1), side(now, 1)].filter(Boolean).join(' UNION ALL ')})
     GROUP BY ${group} HAVING sum(side) <> 0`,
    path,
  );
}

async function write(session: Session, rows: string, path: string): Promise<void> {
  // Their order is of no use here, and keeping it would take memory.
  await session.run('SET preserve_insertion_order = false');
  await session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet)`);
}
