import { maskLiterals } from '../failure/mask.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * Words for an error of DuckDB in a person's SQL: its first lines, the file and line, and the SQL there.
 * `prefixLines`: lines that stood before the person's SQL in what DuckDB was given.
 */
export function sqlError(
  type: 'DefinitionInvalid' | 'ModelFailed',
  file: string,
  sql: string,
  cause: unknown,
  prefixLines: number,
): AcequiaError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [told = message] = message.split(/\n\s*\nLINE /);
  // Once data is there, a message may quote it; history and alerts must not.
  const problem = type === 'ModelFailed' ? maskLiterals(told) : told;
  const line = Number(/\nLINE (\d+):/.exec(message)?.[1] ?? 0) - prefixLines;
  const text = line > 0 ? sql.split('\n')[line - 1]?.trim() : undefined;
  return new AcequiaError(type, {
    what: `The SQL does not run: ${problem.trim()}${text ? `\n      ${text}` : ''}`,
    where: line > 0 ? `${file}:${line}` : file,
    remedy: 'mend the SQL; it sees the tables as source.<name> and the other models by their names',
    cause,
  });
}
