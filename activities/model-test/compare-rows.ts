import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { ChangedRow, DifferingRow, RowsDifference, Values } from './test-result.ts';

/** Rows of each kind that are shown. */
const MOST = 10;

/** Rows that were not made as often as they were expected, `c0`, `c1`, …, each once, with both counts. */
const DIFFERING = '_differing';
/** Numbers of those that are one row of the key, once as it was expected and once as it was made. */
const PAIRS = '_pairs';

/** Tables of the session that a comparison leaves behind. */
export const LEFT_BY_COMPARISON = [DIFFERING, PAIRS];

/**
 * Where two tables part by these columns, in any order of their rows, each as often as it is there. A row of the key that
 * both have once counts as changed.
 *
 * @param key none where rows cannot be told apart by it
 * @returns nothing where they do not
 */
export async function compareRows(
  session: Session,
  tables: { readonly expected: string; readonly made: string },
  columns: readonly string[],
  key: readonly string[],
): Promise<RowsDifference | null> {
  const cells = columns.map((_, index) => `c${index}`);
  const keyed = key.map((name) => `c${columns.indexOf(name)}`);
  const side = (table: string, counts: string): string =>
    `SELECT ${columns.map((name, index) => `${identifier(name)} AS c${index}`).join(', ')}, ${counts} FROM ${identifier(table)}`;
  await session.run(`CREATE TEMP TABLE ${DIFFERING} AS
    SELECT *, row_number() OVER (ORDER BY ${[...keyed, ...cells, 'expected'].join(', ')}) AS n,
           count(*) OVER (PARTITION BY ${[...keyed, 'expected > made'].join(', ')}) AS alike
    FROM (SELECT ${cells.join(', ')}, sum(e)::BIGINT AS expected, sum(m)::BIGINT AS made
          FROM (${side(tables.expected, '1 AS e, 0 AS m')} UNION ALL ${side(tables.made, '0 AS e, 1 AS m')})
          GROUP BY ${cells.join(', ')} HAVING sum(e) <> sum(m))`);
  if ((await session.count(`SELECT count(*) FROM ${DIFFERING}`)) === 0) return null;
  const same = keyed.map((cell) => `e.${cell} = m.${cell}`).join(' AND ');
  await session.run(`CREATE TEMP TABLE ${PAIRS} AS SELECT e.n AS expected_row, m.n AS made_row
    FROM ${DIFFERING} AS e JOIN ${DIFFERING} AS m ON ${same || 'false'}
    WHERE e.expected - e.made = 1 AND m.made - m.expected = 1 AND e.alike = 1 AND m.alike = 1`);
  return {
    columns,
    missing: await unpaired(session, columns, 'expected', 'made'),
    unexpected: await unpaired(session, columns, 'made', 'expected'),
    changed: await changed(session, columns, key),
  };
}

async function unpaired(
  session: Session,
  columns: readonly string[],
  more: 'expected' | 'made',
  less: 'expected' | 'made',
): Promise<{ rows: number; examples: DifferingRow[] }> {
  const from = `FROM ${DIFFERING} WHERE ${more} > ${less} AND n NOT IN (SELECT ${more}_row FROM ${PAIRS})`;
  const rows = await session.count(`SELECT coalesce(sum(${more} - ${less}), 0)::BIGINT ${from}`);
  const examples = await session.rows<Cells>(
    `SELECT ${texts(columns, '').join(', ')}, expected, made ${from} ORDER BY n LIMIT ${MOST}`,
  );
  return {
    rows,
    examples: examples.map((row) => {
      return {
        values: valuesOf(row, columns, columns, ''),
        expected: Number(row['expected']),
        made: Number(row['made']),
      };
    }),
  };
}

async function changed(
  session: Session,
  columns: readonly string[],
  key: readonly string[],
): Promise<RowsDifference['changed']> {
  const rows = await session.rows<Cells>(
    `SELECT ${[...texts(columns, 'e'), ...texts(columns, 'm')].join(', ')},
       ${columns.map((_, index) => `CAST(e.c${index} IS DISTINCT FROM m.c${index} AS VARCHAR) AS d${index}`).join(', ')}
     FROM ${PAIRS} AS p JOIN ${DIFFERING} AS e ON e.n = p.expected_row JOIN ${DIFFERING} AS m ON m.n = p.made_row
     ORDER BY e.n LIMIT ${MOST}`,
  );
  return {
    rows: await session.count(`SELECT count(*) FROM ${PAIRS}`),
    examples: rows.map((row): ChangedRow => {
      return {
        key: valuesOf(row, key, columns, 'e'),
        cells: columns.flatMap((column, index) =>
          row[`d${index}`] === 'true'
            ? [{ column, expected: row[`e${index}`] ?? null, made: row[`m${index}`] ?? null }]
            : [],
        ),
      };
    }),
  };
}

type Cells = Readonly<Record<string, string | null>>;

/** SQL: the cells as DuckDB writes them. `side`: which row of a pair. */
function texts(columns: readonly string[], side: '' | 'e' | 'm'): string[] {
  const [cell, name] = side === '' ? ['c', 'v'] : [`${side}.c`, side];
  return columns.map((_, index) => `CAST(${cell}${index} AS VARCHAR) AS ${name}${index}`);
}

function valuesOf(row: Cells, wanted: readonly string[], columns: readonly string[], side: '' | 'e'): Values {
  const name = side === '' ? 'v' : side;
  return Object.fromEntries(wanted.map((column) => [column, row[`${name}${columns.indexOf(column)}`] ?? null]));
}
