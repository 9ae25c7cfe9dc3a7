import type { RowRule } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { TakenOut } from './sift.ts';

/** A table of the session: which rows go, and why. */
const REJECTED = 'temp.main."rejected rows"';

/** Where a row stood in its file, of models that carry it along. */
const PLACE = { file: ['_file', 'VARCHAR'], line: ['_line', 'BIGINT'], offset: ['_offset', 'BIGINT'] } as const;

/**
 * Takes the rows that break a rule out of a table; of several the first is the reason. They are kept as a source's are:
 * `file, line, offset, column, value, expected, reason, record, cells, kept`, the record being the row as JSON.
 */
export async function quarantineRows(
  session: Session,
  table: string,
  rules: readonly RowRule[],
  keep: (rejected: string) => Promise<void>,
): Promise<TakenOut['reasons']> {
  const from = identifier(table);
  const cases = rules.map(({ name, broken }) => `WHEN (${broken}\n) THEN ${literal(name)}`).join(' ');
  await session.run(
    `CREATE TEMP TABLE ${REJECTED.replace('temp.main.', '')} AS
     SELECT * FROM (SELECT rowid AS "row", CASE ${cases} END AS reason FROM ${from}) WHERE reason IS NOT NULL`,
  );
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${from}`);
  const names = columns.map(({ column_name: name }) => name);
  const place = Object.entries(PLACE).map(([name, [column, type]]) => {
    const value = names.includes(column) ? `"own".${identifier(column)}` : 'NULL';
    return `CAST(${value} AS ${type}) AS ${identifier(name)}`;
  });
  const own = names.filter((name) => !name.startsWith('_'));
  const cells = own.map((name) => `${literal(name)}, CAST("own".${identifier(name)} AS VARCHAR)`).join(', ');
  await keep(`SELECT ${place.join(', ')}, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, NULL::VARCHAR AS expected,
      rejected.reason, CAST(json_object(${cells}) AS VARCHAR) AS record, NULL::VARCHAR AS cells, false AS kept
    FROM ${from} AS "own" JOIN ${REJECTED} AS rejected ON rejected."row" = "own".rowid ORDER BY ALL`);
  const reasons = await session.rows<{ reason: string; rows: string }>(
    `SELECT reason, count(*) AS rows FROM ${REJECTED} GROUP BY reason ORDER BY count(*) DESC, reason`,
  );
  await session.run(`DELETE FROM ${from} WHERE rowid IN (SELECT "row" FROM ${REJECTED})`);
  await session.run(`DROP TABLE ${REJECTED}`);
  return reasons.map(({ reason, rows }) => ({ reason, rows: Number(rows) }));
}
