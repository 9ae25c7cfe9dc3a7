import { closest } from '../../../workflows/definition/closest.ts';
import { COLUMN_TYPES, parseColumnType, parseDeclaredType } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';

/**
 * Reads `--declare`: `price=decimal(10,2)!`, with formats behind `|`. The types are looked at, the formats when they are
 * needed.
 *
 * @throws CommandError (exit 2)
 */
export function declaredColumns(declared: readonly string[]): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const text of declared) {
    const at = text.indexOf('=');
    const column = text.slice(0, Math.max(0, at));
    const spec = text.slice(at + 1);
    if (column === '' || spec === '') {
      throw usageError(
        `--declare ${text} names no column and type.`,
        "--declare 'column=type', for example price=decimal(10,2)",
      );
    }
    const { type } = parseDeclaredType(spec);
    if (!parseColumnType(type)) {
      throw usageError(
        `--declare ${text}: "${type}" is no type.${closest(type.replace(/!$/, ''), COLUMN_TYPES)}`,
        `use one of ${COLUMN_TYPES.join(', ')}, with ! where a value is required`,
      );
    }
    if (columns[column] !== undefined && columns[column] !== spec) {
      throw usageError(`--declare says "${column}" twice.`, 'say it once; several formats stand behind one |');
    }
    columns[column] = spec;
  }
  return columns;
}
