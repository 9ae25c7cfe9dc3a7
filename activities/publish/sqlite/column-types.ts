import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';

/** Decimal digits that a double always gives back as they were. */
const EXACT_DOUBLE_DIGITS = 15;

/**
 * How a column is kept in SQLite, and the value it is given there; the expression fails on one that the type cannot hold.
 * SQLite has integers of 64 bits, doubles, text and bytes. Decimals of up to 15 digits become doubles, which give them
 * back exactly; longer ones stay exact as text. Dates and times are ISO text. A number that does not fit is an error, never rounded.
 */
export function sqliteColumn(name: string, duckdbType: string): LoadColumn {
  const column = identifier(name);
  const as = (
    type: 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BLOB',
    expression = `CAST(${column} AS ${type})`,
  ): LoadColumn => ({
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
  if (decimal) return as(Number(decimal[1]) <= EXACT_DOUBLE_DIGITS ? 'DOUBLE' : 'VARCHAR');
  if (duckdbType === 'BLOB') return as('BLOB');
  if (/\[|^(STRUCT|MAP|UNION)\b/.test(duckdbType)) return as('VARCHAR', `CAST(to_json(${column}) AS VARCHAR)`);
  return as('VARCHAR');
}

/** SQLite would keep NaN as NULL without a word. */
function finite(name: string): string {
  const message = literal(`NaN in column ${name}: SQLite cannot hold it; make it NULL in the model`);
  return `CASE WHEN isnan(${identifier(name)}) THEN error(${message}) ELSE CAST(${identifier(name)} AS DOUBLE) END`;
}
