import type { RowRule } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { ROW, type RowsThatGo } from './rows-that-go.ts';
import type { TakenOut } from './sift.ts';

/** A table of the session: which rows break a rule, and which one. */
const REJECTED = '"rejected rows"';

/** Where a row stood in its file, of models that carry it along. */
const PLACE = { file: ['_file', 'VARCHAR'], line: ['_line', 'BIGINT'], offset: ['_offset', 'BIGINT'] } as const;

/**
 * Takes the rows that break a rule out of a model's; of several rules the first is the reason. They are kept as a source's
 * are: `file, line, offset, column, value, expected, reason, record, cells, kept`, the record being the row as JSON.
 */
export async function quarantineRows(
  session: Session,
  model: string,
  rules: readonly RowRule[],
  going: RowsThatGo,
  keep: (rejected: string) => Promise<void>,
): Promise<TakenOut['reasons']> {
  const cases = rules.map(({ name, broken }) => `WHEN (${broken}\n) THEN ${literal(name)}`).join(' ');
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${REJECTED} AS
     SELECT * FROM (SELECT ${ROW} AS "row", CASE ${cases} END AS reason FROM ${going.left}) WHERE reason IS NOT NULL`,
  );
  await keep(await asKept(session, model));
  const reasons = await session.rows<{ reason: string; rows: string }>(
    `SELECT reason, count(*) AS rows FROM temp.main.${REJECTED} GROUP BY reason ORDER BY count(*) DESC, reason`,
  );
  await going.take(`SELECT "row" FROM temp.main.${REJECTED}`);
  return reasons.map(({ reason, rows }) => ({ reason, rows: Number(rows) }));
}

async function asKept(session: Session, model: string): Promise<string> {
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${identifier(model)}`);
  const names = columns.map(({ column_name: name }) => name).filter((name) => identifier(name) !== ROW);
  const place = Object.entries(PLACE).map(([name, [column, type]]) => {
    const value = names.includes(column) ? `"own".${identifier(column)}` : 'NULL';
    return `CAST(${value} AS ${type}) AS ${identifier(name)}`;
  });
  const cells = names
    .filter((name) => !name.startsWith('_'))
    .map((name) => `${literal(name)}, CAST("own".${identifier(name)} AS VARCHAR)`);
  return `SELECT ${place.join(', ')}, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, NULL::VARCHAR AS expected,
      rejected.reason, CAST(json_object(${cells.join(', ')}) AS VARCHAR) AS record, NULL::VARCHAR AS cells, false AS kept
    FROM ${identifier(model)} AS "own" JOIN temp.main.${REJECTED} AS rejected ON rejected."row" = "own".${ROW} ORDER BY ALL`;
}
