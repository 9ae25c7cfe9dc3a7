import type { Column } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { escapePattern } from './escape-pattern.ts';
import { invalidFormats } from './invalid-formats.ts';
import type { Reading } from './reading.ts';

/** `-?[0-9]+` without leading zeros, within 64 bits; or a declared format, in which leading zeros are allowed. */
export function integerReading(column: Column): Reading {
  const own = (text: string): string => `TRY_CAST(${text} AS BIGINT)`;
  const formats = column.formats.map((format) => {
    const [prefix = '', suffix = '', ...more] = format.split('#');
    if (!format.includes('#') || more.length > 0) throw invalidFormats(column, `"${format}" must hold exactly one #`);
    if (/[0-9]$|^[-+]$/.test(prefix) || /^[0-9]/.test(suffix)) {
      throw invalidFormats(column, `in "${format}" a digit or sign beside the # would become part of the number`);
    }
    const pattern = literal(`${escapePattern(prefix)}[0-9]+${escapePattern(suffix)}`);
    const around = codePoints(prefix) + codePoints(suffix);
    return (text: string): string =>
      `WHEN starts_with(${text}, ${literal(prefix)}) AND regexp_full_match(${text}, ${pattern})
        THEN ${own(`substr(${text}, ${codePoints(prefix) + 1}, length(${text}) - ${around})`)}`;
  });
  return {
    sql: (text) =>
      `CASE ${formats.map((format) => format(text)).join(' ')}
        WHEN CAST(${own(text)} AS VARCHAR) = ${text} THEN ${own(text)} END`,
    unreadable: 'not an integer',
    refusals: (text, value) => [
      [`${value} IS NULL AND regexp_full_match(${text}, '-?[1-9][0-9]{18,}')`, 'integer beyond 64 bits'],
    ],
  };
}

/** Characters as SQL counts them. */
function codePoints(text: string): number {
  return Array.from(text).length;
}
