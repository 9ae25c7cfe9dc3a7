import { literal } from '../duckdb/identifiers.ts';

/** DuckDB's own default; longer rows are announced by the writer. */
const LINE_BYTES = 2 * 1024 * 1024;

/** SQL that reads a canonical file with everything declared: nothing is sniffed, skipped, padded or forgiven. */
export function readCanonical(
  path: string,
  columns: readonly (readonly [name: string, type: 'VARCHAR' | 'BIGINT'])[],
  { delimiter = ',', longestRow = 0 }: { delimiter?: string; longestRow?: number },
): string {
  const described = columns.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_csv(${literal(path)}, columns = {${described}}, auto_detect = false, header = false, skip = 0,
    delim = ${literal(delimiter)}, quote = '"', escape = '"', comment = '', new_line = '\\n', encoding = 'utf-8',
    nullstr = '', allow_quoted_nulls = false, strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = ${Math.max(LINE_BYTES, longestRow + 1024)})`;
}
