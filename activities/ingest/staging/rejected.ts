import type { SourcePlan } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { refuseValue } from '../contract/breaches.ts';
import type { AcequiaError } from '../../failure/acequia-error.ts';
import type { JudgedTable } from './judge-rows.ts';

/** SQL: a record, wherever it and its nested rows stand. */
export const IDENTITY = '_file, _line, _offset';

/** A file with values that the contract, which freezes types, does not take. */
export interface RefusedRows {
  readonly file: string;
  readonly error: AcequiaError;
}

/**
 * Makes the tables `rejected` (records that are quarantined: `_file, _line, _offset, column, value, expected, reason`,
 * with the first misfit of each), `discarded` (the same for values that are left out of rows that are kept) and, empty,
 * `outdated` (`_file, _line, _offset` of records of whose key a later one is kept).
 */
export async function rejectMisfits(session: Session, source: SourcePlan): Promise<void> {
  const rejects = source.contract.types === 'discard-value' ? 'whole' : 'true';
  const columns = `${IDENTITY}, "column", value, expected, reason`;
  await session.run(`CREATE TABLE rejected AS
    SELECT DISTINCT ON (${IDENTITY}) ${columns}, false AS doubled FROM misfits WHERE ${rejects}
    ORDER BY ${IDENTITY}, table_number, position, column_number`);
  await session.run(`CREATE TABLE discarded AS SELECT ${columns} FROM misfits WHERE NOT (${rejects})
    AND (${IDENTITY}) NOT IN (SELECT (${IDENTITY}) FROM rejected)`);
  await session.run(`CREATE TABLE outdated AS SELECT ${IDENTITY} FROM rejected LIMIT 0`);
}

/** Where the contract freezes types, the files that have misfits. What it says of new and missing columns is its own. */
export async function refusedFiles(session: Session, source: SourcePlan): Promise<RefusedRows[]> {
  if (source.contract.types !== 'freeze') return [];
  const found = await session.rows<{ _file: string; line: string; reason: string; records: string }>(`
    SELECT _file, first(_line ORDER BY place) AS line, first(reason ORDER BY place) AS reason,
      count(DISTINCT (_line, _offset)) AS records
    FROM (SELECT *, (_line, _offset, table_number, position, column_number) AS place FROM misfits WHERE NOT whole)
    GROUP BY _file`);
  return found.map(({ _file: file, line, reason, records }) => {
    return { file, error: refuseValue(source, { file, line: Number(line), reason }, Number(records)) };
  });
}

/** Adds to `rejected` what repeats the key of an earlier good record: in the order of the files, then of their lines. */
export async function rejectDoubles(session: Session, table: JudgedTable, key: readonly string[]): Promise<void> {
  const kept = keptRows(table, await isAnyOut(session));
  const columns = table.typed.names(key);
  const list = columns.join(', ');
  const names = key.join(', ');
  // Mostly none does, and that is found out sooner than which ones do.
  const repeats = await session.count(
    `SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT ${list} FROM (${kept}))) FROM (${kept})`,
  );
  if (repeats === 0) return;
  await session.run(`INSERT INTO rejected
    SELECT ${IDENTITY}, ${literal(names)}, concat_ws(', ', ${list}),
      'first seen ' || CASE WHEN first_row._file = _file THEN '' ELSE 'in ' || first_row._file || ' ' END
        || 'on line ' || first_row._line,
      ${literal(`duplicate ${names}`)}, true
    FROM (${kept}) JOIN (
      SELECT ${list}, min({'_file': _file, '_line': _line, '_offset': _offset}) AS first_row FROM (${kept})
      GROUP BY ${list} HAVING count(*) > 1
    ) USING (${list})
    WHERE {'_file': _file, '_line': _line, '_offset': _offset} > first_row`);
}

/** SQL: the typed rows of a table without those of records that are rejected or outdated. `anyOut`: whether there are any. */
export function keptRows({ good, suspect }: JudgedTable, anyOut: boolean): string {
  return keptOf(suspect ? [good, suspect] : [good], anyOut);
}

/** The same of some relations that hold rows of a table. */
export function keptOf(relations: readonly string[], anyOut: boolean): string {
  const rows = relations.map((relation) => `SELECT * FROM ${relation}`).join(' UNION ALL BY NAME ');
  if (!anyOut) return rows;
  return `SELECT * FROM (${rows}) ANTI JOIN (SELECT ${IDENTITY} FROM rejected UNION ALL FROM outdated) USING (${IDENTITY})`;
}

export async function isAnyOut(session: Session): Promise<boolean> {
  return (await session.count('SELECT (SELECT count(*) FROM rejected) + (SELECT count(*) FROM outdated)')) > 0;
}
