import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { MappedColumn } from '../staged-load.ts';

/** Decimal digits that a double always gives back as they were. */
const EXACT_DOUBLE_DIGITS = 15;

/**
 * How a column is kept in SQLite, and the value it is given there; the expression fails on one that the type cannot hold.
 * SQLite has integers of 64 bits, doubles, text and bytes. Decimals become doubles where none of them has more than 15
 * digits: those come back exactly; otherwise they stay exact as text. Dates and times are ISO text. A number that does
 * not fit is an error, never rounded.
 */
export function sqliteColumn(name: string, duckdbType: string): MappedColumn {
  const column = identifier(name);
  const as = (
    type: 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BLOB',
    expression = `CAST(${column} AS ${type})`,
  ): MappedColumn => ({
    name,
    type,
    expression,
  });
  if (
    /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT|UHUGEINT|BOOLEAN)$/.test(duckdbType)
  )
    return as('BIGINT');
  if (/^(FLOAT|DOUBLE)$/.test(duckdbType)) return as('DOUBLE', finite(name));
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckdbType);
  if (decimal) {
    const [precision, scale] = [Number(decimal[1]), Number(decimal[2])];
    if (precision <= EXACT_DOUBLE_DIGITS) return as('DOUBLE');
    const lost = `abs(${column}) >= ${beyond(EXACT_DOUBLE_DIGITS, scale)} AND ${digitsOf(column)} > ${EXACT_DOUBLE_DIGITS}`;
    return { ...as('DOUBLE'), otherwise: { lost, column: as('VARCHAR') } };
  }
  if (duckdbType === 'BLOB') return as('BLOB');
  if (/\[|^(STRUCT|MAP|UNION)\b/.test(duckdbType)) return as('VARCHAR', `CAST(to_json(${column}) AS VARCHAR)`);
  return as('VARCHAR');
}

/** The least number that has more than `digits` digits, `scale` of them behind the point. */
function beyond(digits: number, scale: number): string {
  const text = `1${'0'.repeat(digits)}`.padStart(scale + 1, '0');
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Without the noughts before and behind. */
function digitsOf(column: string): string {
  return `length(trim(translate(CAST(${column} AS VARCHAR), '-.', ''), '0'))`;
}

/** SQLite would keep NaN as NULL without a word. */
function finite(name: string): string {
  const message = literal(`NaN in column ${name}: SQLite cannot hold it; make it NULL in the model`);
  return `CASE WHEN isnan(${identifier(name)}) THEN error(${message}) ELSE CAST(${identifier(name)} AS DOUBLE) END`;
}
