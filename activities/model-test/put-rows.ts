import type { TestRow, TestValue } from '../../workflows/definition/index.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { TableColumns } from '../plan/bind-models.ts';
import { cellText, shownValue } from './cell-text.ts';
import { strictCast } from './strict-cast.ts';

/** Rows of a test on their way into a table: cells are texts there. */
const TEXTS = '_texts';

export interface Target {
  /** SQL: the table. */
  readonly table: string;
  /** What people call it: `given source.orders`. */
  readonly label: string;
  readonly columns: TableColumns;
}

/**
 * Puts the rows of a test into a table. Columns that a row does not name are NULL.
 *
 * @returns what is no value of its column's type; where there is something, nothing is put
 */
export async function putRows(
  session: Session,
  { table, label, columns }: Target,
  rows: readonly TestRow[],
): Promise<string[]> {
  const valueOf = (row: TestRow | undefined, name: string): TestValue =>
    (row && Object.hasOwn(row, name) ? row[name] : null) ?? null;
  const named = columns.filter(({ name }) => rows.some((row) => Object.hasOwn(row, name)));
  const problem = (row: number, column: string, words: string): string =>
    `${label}, row ${row + 1}, column "${column}": ${words}`;
  const problems: string[] = [];
  const texts = rows.map((row, index) =>
    named.map(({ name, type }) => {
      const cell = cellText(valueOf(row, name), type);
      if ('text' in cell) return cell.text;
      problems.push(problem(index, name, cell.problem));
      return null;
    }),
  );
  const casts = named.map(({ type }) => strictCast(type));
  await session.run(`CREATE TEMP TABLE ${TEXTS} AS ${textsSql(named.length)}`, {
    rows: JSON.stringify(texts.map((cells, index) => [String(index), ...cells])),
  });
  try {
    for (const [index, { name, type }] of named.entries()) {
      const misfits = await session.rows<{ n: string }>(
        `SELECT n FROM ${TEXTS} WHERE t${index} IS NOT NULL AND ${casts[index]!.value(`t${index}`)} IS NULL ORDER BY n`,
      );
      for (const { n } of misfits)
        problems.push(
          problem(Number(n), name, `${shownValue(valueOf(rows[Number(n)], name))} is no ${type}${casts[index]!.hint}`),
        );
    }
    if (problems.length > 0) return problems;
    const values = casts.map((cast, index) => cast.value(`t${index}`));
    const into = named.length === 0 ? identifier(columns[0]?.name ?? '') : identifiers(named.map(({ name }) => name));
    await session.run(`INSERT INTO ${table} (${into}) SELECT ${values.join(', ') || 'NULL'} FROM ${TEXTS} ORDER BY n`);
    return [];
  } finally {
    await session.run(`DROP TABLE ${TEXTS}`);
  }
}

/** Rows come as one JSON text: what stands in them is never SQL. */
function textsSql(columns: number): string {
  const cells = Array.from({ length: columns }, (_, index) => `r[${index + 2}] AS t${index}`);
  return `SELECT ${['CAST(r[1] AS BIGINT) AS n', ...cells].join(', ')}
    FROM (SELECT unnest(from_json($rows::JSON, '[["VARCHAR"]]')) AS r)`;
}
