import { identifier, literal } from '../duckdb/identifiers.ts';
import { rowHashes } from '../duckdb/rows-digest.ts';
import type { Session } from '../duckdb/session.ts';
import { comparable, rowsIn, type SharedColumn } from './compared-columns.ts';

/** The two sides of a table, as paths of Parquet files. */
export interface Sides {
  readonly then: readonly string[];
  readonly now: readonly string[];
}

/** Where differing rows are written, as Parquet. */
export interface Places {
  /** Hashes of the rows that one side has more often than the other. */
  readonly hashes: string;
  /** The rows: `kind` (`added`, `removed`, `changed`), `times`, and the cells of both sides as text. */
  readonly rows: string;
}

/** The names of a column's cells in those rows, by its number. */
export const THEN = (index: number): string => `then_${index}`;
export const NOW = (index: number): string => `now_${index}`;

const cell = (index: number): string => `c_${index}`;

/**
 * Writes the rows that are not on both sides alike, told apart by a key that is unique on both.
 *
 * @param columns those that both sides have, the key among them
 */
export async function differingByKey(
  session: Session,
  sides: Sides,
  columns: readonly SharedColumn[],
  key: readonly SharedColumn[],
  places: Places,
): Promise<void> {
  await writeHashes(session, sides, columns, places.hashes);
  const both = columns.map((column, index) => {
    return { then: comparable(column, `t.${cell(index)}`), now: comparable(column, `n.${cell(index)}`) };
  });
  const same = key.map((column) => both[columns.indexOf(column)]).map((one) => `${one?.then} = ${one?.now}`);
  const differs = both.map(({ then, now }) => `${then} IS DISTINCT FROM ${now}`);
  const cells = columns.flatMap((_, index) => [
    `CAST(t.${cell(index)} AS VARCHAR) AS ${THEN(index)}`,
    `CAST(n.${cell(index)} AS VARCHAR) AS ${NOW(index)}`,
    `${differs[index]} AS differs_${index}`,
  ]);
  const side = (paths: readonly string[]): string =>
    `(SELECT true AS there, * FROM ${differing(paths, columns, places.hashes)})`;
  await write(
    session,
    `SELECT CASE WHEN t.there IS NULL THEN 'added' WHEN n.there IS NULL THEN 'removed' ELSE 'changed' END AS kind,
            1 AS times, ${cells.join(', ')}
     FROM ${side(sides.then)} AS t FULL OUTER JOIN ${side(sides.now)} AS n ON ${same.join(' AND ')}
     WHERE t.there IS NULL OR n.there IS NULL OR ${differs.join(' OR ')}`,
    places.rows,
  );
}

/** The same for rows that are told apart by all their values: those that one side has more often. Nothing is `changed`. */
export async function differingByRow(
  session: Session,
  sides: Sides,
  columns: readonly SharedColumn[],
  places: Places,
): Promise<void> {
  await writeHashes(session, sides, columns, places.hashes);
  const values = columns.map((column, index) => `${comparable(column, cell(index))} AS ${cell(index)}`);
  const side = (paths: readonly string[], sign: number): string =>
    `SELECT ${values.join(', ')}, ${sign} AS side FROM ${differing(paths, columns, places.hashes)}`;
  const cells = columns.flatMap((_, index) => [
    `CAST(${cell(index)} AS VARCHAR) AS ${THEN(index)}`,
    `CAST(${cell(index)} AS VARCHAR) AS ${NOW(index)}`,
    `false AS differs_${index}`,
  ]);
  await write(
    session,
    `SELECT CASE WHEN sum(side) > 0 THEN 'added' ELSE 'removed' END AS kind, abs(sum(side))::BIGINT AS times,
            ${cells.join(', ')}
     FROM (${side(sides.then, -1)} UNION ALL ${side(sides.now, 1)})
     GROUP BY ${columns.map((_, index) => cell(index)).join(', ')} HAVING sum(side) <> 0`,
    places.rows,
  );
}

/** Most rows are mostly the same: their hashes, which are narrow, tell which need no further look. */
async function writeHashes(
  session: Session,
  { then, now }: Sides,
  columns: readonly SharedColumn[],
  path: string,
): Promise<void> {
  // The order of rows is of no use here, and keeping it would take memory.
  await session.run('SET preserve_insertion_order = false');
  const side = (paths: readonly string[], sign: number): string =>
    `SELECT high, low, ${sign} AS side FROM ${hashed(paths, columns)}`;
  await write(
    session,
    `SELECT high, low FROM (${side(then, -1)} UNION ALL ${side(now, 1)}) GROUP BY high, low HAVING sum(side) <> 0`,
    path,
  );
}

/** SQL: the rows of one side of which the other has fewer or more. */
function differing(paths: readonly string[], columns: readonly SharedColumn[], hashes: string): string {
  const cells = columns.map((_, index) => cell(index)).join(', ');
  return `(SELECT ${cells} FROM ${hashed(paths, columns)} SEMI JOIN ${rowsIn([hashes])} USING (high, low))`;
}

/** SQL: the rows of one side, `c_0`, `c_1`, …, and two hashes of each. */
function hashed(paths: readonly string[], columns: readonly SharedColumn[]): string {
  const cells = columns.map(({ name }, index) => `${identifier(name)} AS ${cell(index)}`);
  const compared = columns.map((column, index) => `${comparable(column, identifier(column.name))} AS v_${index}`);
  const [high, low] = rowHashes(columns.map((_, index) => `v_${index}`));
  return `(SELECT *, ${high} AS high, ${low} AS low FROM (SELECT ${[...cells, ...compared].join(', ')} FROM ${rowsIn(paths)}))`;
}

async function write(session: Session, rows: string, path: string): Promise<void> {
  await session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet)`);
}
