import { literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { RECORD_PROVENANCE } from '../names/provenance.ts';

/** A column that one side has, or both; types as DuckDB names them. */
export interface ComparedColumn {
  readonly name: string;
  readonly then: string | undefined;
  readonly now: string | undefined;
}

/** One that both sides have. */
export interface SharedColumn extends ComparedColumn {
  readonly then: string;
  readonly now: string;
}

const PLACE: readonly string[] = RECORD_PROVENANCE;

/** SQL: the rows of Parquet files. */
export function rowsIn(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}

/** The columns of both sides, in the order of today's, then those that are gone. `withoutPlace`: those of a source's rows stay out. */
export async function comparedColumns(
  session: Session,
  then: readonly string[],
  now: readonly string[],
  withoutPlace: boolean,
): Promise<ComparedColumn[]> {
  const [before, after] = [await typesOf(session, then), await typesOf(session, now)];
  const names = [...new Set([...after.keys(), ...before.keys()])].filter(
    (name) => !(withoutPlace && PLACE.includes(name)),
  );
  return names.map((name) => ({ name, then: before.get(name), now: after.get(name) }));
}

async function typesOf(session: Session, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const rows = await session.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${rowsIn(paths)}`,
  );
  return new Map(rows.map(({ column_name: name, column_type: type }) => [name, type]));
}

export function isShared(column: ComparedColumn): column is SharedColumn {
  return column.then !== undefined && column.now !== undefined;
}

/**
 * SQL: the value of one side in a form in which both can be compared: as it is where the types are the same, else as text;
 * numbers of two types are the same where their digits are, however many zeros follow.
 *
 * @param cell SQL: the value
 */
export function comparable({ then, now }: SharedColumn, cell: string): string {
  if (then === now) return cell;
  const text = `CAST(${cell} AS VARCHAR)`;
  if (!isNumber(then) || !isNumber(now)) return text;
  return `CASE WHEN contains(${text}, '.') AND NOT contains(${text}, 'e') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}

function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|DOUBLE|FLOAT)$/.test(type);
}
