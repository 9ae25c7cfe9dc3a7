import { columnTypeName, type Column } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { invalidFormats } from './invalid-formats.ts';
import { compileNumberFormat, type NumberFormat } from './number-format.ts';
import type { Reading } from './reading.ts';

/** Digits of a decimal that DuckDB keeps in 64 bits: a text becomes such a one a hundred times as fast as a longer one. */
const SHORT = 18;

/** Plain digits with at most `scale` of them after the point; no exponent, no leading zero, no plus, no negative zero. */
export function decimalReading(column: Column, precision: number, scale: number): Reading {
  const fraction = scale > 0 ? `(\\.[0-9]{1,${scale}})?` : '';
  const isPlain = (text: string, whole: string): string =>
    `regexp_full_match(${text}, ${literal(`-?(0|[1-9]${whole})${fraction}`)}) AND NOT regexp_full_match(${text}, '-0(\\.0+)?')`;
  const exact = `DECIMAL(${precision},${scale})`;
  const most = SHORT - scale - 1;
  const short = (text: string): string =>
    precision > SHORT && most > 0
      ? `WHEN ${isPlain(text, `[0-9]{0,${most}}`)} THEN CAST(TRY_CAST(${text} AS DECIMAL(${SHORT},${scale})) AS ${exact})`
      : '';
  const plain = (text: string): string =>
    `CASE ${short(text)} WHEN ${isPlain(text, '[0-9]*')} THEN TRY_CAST(${text} AS ${exact}) END`;
  return withFormats(column, plain, `not a ${columnTypeName(column.type)}`);
}

/** Held exactly: the shortest spelling of the double has the text's own significant digits. */
export function doubleReading(column: Column): Reading {
  const digits = (spelling: string): string =>
    `trim(replace(replace(regexp_replace(${spelling}, '[eE].*$', ''), '.', ''), '-', ''), '0')`;
  const plain = (text: string): string => {
    const number = `TRY_CAST(${text} AS DOUBLE)`;
    return `CASE WHEN regexp_full_match(${text}, '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?')
      AND isfinite(${number}) AND ${digits(text)} = ${digits(`CAST(${number} AS VARCHAR)`)} THEN ${number} END`;
  };
  return withFormats(column, plain, 'not a double');
}

/**
 * The plain spelling and the declared ones. Where a declared format groups digits with points, the plain spelling gives
 * way to it: `1.234` is then never one and a bit. A text that two declared formats read as different numbers is refused.
 */
function withFormats(column: Column, plain: (text: string) => string, unreadable: string): Reading {
  const formats = [...new Set(column.formats)].map((example): NumberFormat => {
    const format = compileNumberFormat(example);
    if (typeof format === 'string') throw invalidFormats(column, format);
    return format;
  });
  const own = formats.some((format) => format.pointGroups) ? [] : [plain];
  const readings = [...own, ...formats.map((format) => (text: string) => plain(`(${format.plain(text)})`))];
  // Compared as digits, not as values: a reading that the type cannot hold is a reading all the same.
  const spelled = formats.map(
    (format) =>
      (text: string): string =>
        format.plain(text),
  );
  if (own.length > 0)
    spelled.push((text) => `CASE WHEN regexp_full_match(${text}, '-?[0-9]+(\\.[0-9]+)?') THEN ${text} END`);
  const rivals = spelled.flatMap((one, index) => spelled.slice(index + 1).map((other) => [one, other] as const));
  return {
    sql: (text) => `coalesce(${readings.map((reading) => reading(text)).join(', ')})`,
    unreadable,
    refusals: (text) =>
      formats.length === 0
        ? []
        : // NULL where either does not read the text.
          rivals.map(([one, other]) => [`(${one(text)}) <> (${other(text)})`, `ambiguous ${column.type.kind}`]),
  };
}
