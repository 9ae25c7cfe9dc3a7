import { columnTypeName, type Column } from '../../workflows/definition/index.ts';
import { literal } from '../duckdb/identifiers.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { compileDateFormat, escapePattern, type DateFormat } from './date-format.ts';

/**
 * A column's strict cast as SQL over its text. A text becomes a value only when the value written out again is that text,
 * or when it is in one of the column's declared formats.
 */
export interface Cast {
  /** SQL: the typed value, NULL where there is none. */
  value(text: string): string;
  /** SQL: why the row must be quarantined, in a few words, or NULL. `value` is the SQL name of what `value` gave. */
  reason(text: string, value: string): string;
  /** For people: `integer like prod#`. */
  readonly expected: string;
}

/** A typed value in SQL, and further reasons (SQL condition, words) to refuse it. */
interface Reading {
  readonly sql: (text: string) => string;
  readonly unreadable: string;
  readonly refusals?: (text: string, value: string) => readonly (readonly [condition: string, words: string])[];
}

/**
 * Blank, for every type but text, is nothing, `""` or only spaces, and becomes NULL. A text keeps its spaces, and `""`
 * stays apart from NULL; but all three are blank where a text is required. Error `DefinitionInvalid`: a format makes no sense.
 */
export function compileCast(column: Column): Cast {
  const { sql, unreadable, refusals } = readingOf(column);
  const isText = column.type.kind === 'text';
  const blank = (text: string): string => `coalesce(trim(${text}) = '', true)`;
  const blankReason = column.required ? literal('blank where a value is required') : 'NULL';
  const formats = column.formats.length > 0 ? ` like ${column.formats.join(' or ')}` : '';
  return {
    expected: columnTypeName(column.type) + formats,
    value: (text) => (isText ? text : `CASE WHEN ${blank(text)} THEN NULL ELSE ${sql(text)} END`),
    reason: (text, value) => {
      const cases = [`WHEN ${blank(text)} THEN ${blankReason}`];
      for (const [condition, words] of refusals?.(text, value) ?? [])
        cases.push(`WHEN ${condition} THEN ${literal(words)}`);
      if (!isText) cases.push(`WHEN ${value} IS NULL THEN ${literal(unreadable)}`);
      return `CASE ${cases.join(' ')} END`;
    },
  };
}

function readingOf(column: Column): Reading {
  const { kind } = column.type;
  if (column.formats.length > 0 && kind !== 'integer' && kind !== 'date' && kind !== 'timestamp') {
    throw invalid(column, `formats are for integer, date and timestamp, not for ${kind}`);
  }
  switch (column.type.kind) {
    case 'text':
      return { sql: (text) => text, unreadable: '' };
    case 'integer':
      return integerReading(column);
    case 'decimal':
      return {
        sql: decimalSql(column.type.precision, column.type.scale),
        unreadable: `not a ${columnTypeName(column.type)}`,
      };
    case 'double':
      return { sql: doubleSql, unreadable: 'not a double' };
    case 'boolean':
      return {
        sql: (text) => `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false END`,
        unreadable: 'not true or false',
      };
    case 'date':
      return dateReading(column, 'date', [compileDateFormat('YYYY-MM-DD', 'date', column.name)]);
    case 'timestamp':
      return dateReading(column, 'timestamp', [ISO_TIMESTAMP]);
    case 'timestamptz':
      return { sql: instantSql, unreadable: 'unreadable timestamp with zone' };
  }
}

/** `-?[0-9]+` without leading zeros, within 64 bits; or a declared format, in which leading zeros are allowed. */
function integerReading(column: Column): Reading {
  const own = (text: string): string => `TRY_CAST(${text} AS BIGINT)`;
  const formats = column.formats.map((format) => {
    const [prefix = '', suffix = '', ...more] = format.split('#');
    if (!format.includes('#') || more.length > 0) throw invalid(column, `"${format}" must hold exactly one #`);
    if (/[0-9]$|^[-+]$/.test(prefix) || /^[0-9]/.test(suffix)) {
      throw invalid(column, `in "${format}" a digit or sign beside the # would become part of the number`);
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

/** Plain digits with at most `scale` of them after the point; no exponent, no leading zero, no plus, no negative zero. */
function decimalSql(precision: number, scale: number): (text: string) => string {
  const pattern = `-?(0|[1-9][0-9]*)${scale > 0 ? `(\\.[0-9]{1,${scale}})?` : ''}`;
  return (text) =>
    `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) AND NOT regexp_full_match(${text}, '-0(\\.0+)?')
      THEN TRY_CAST(${text} AS DECIMAL(${precision},${scale})) END`;
}

/** Held exactly: the shortest spelling of the double has the text's own significant digits. */
function doubleSql(text: string): string {
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  const digits = (spelling: string): string =>
    `trim(replace(replace(regexp_replace(${spelling}, '[eE].*$', ''), '.', ''), '-', ''), '0')`;
  return `CASE WHEN regexp_full_match(${text}, '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?')
    AND isfinite(${number}) AND ${digits(text)} = ${digits(`CAST(${number} AS VARCHAR)`)} THEN ${number} END`;
}

const DAY_AND_MINUTES = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]';
const SECONDS = '(:[0-5][0-9](\\.[0-9]{1,6})?)?';

/** A timestamp's own spelling: ISO 8601, to the minute, second or microsecond, without a zone. */
const ISO_TIMESTAMP: DateFormat = {
  format: 'ISO',
  shapes: [' ', 'T'].flatMap((between) => ['', ':dd'].map((seconds) => `dddd-dd-dd${between}dd:dd${seconds}`)),
  sql: (text) =>
    `CASE WHEN regexp_full_match(${text}, ${literal(DAY_AND_MINUTES + SECONDS)}) AND NOT starts_with(${text}, '0000')
      THEN TRY_CAST(${text} AS TIMESTAMP) END`,
};

/** ISO 8601 with `Z` or an offset. DuckDB wants seconds before a zone, so `10:00Z` is read as `10:00:00Z`. */
function instantSql(text: string): string {
  const zone = '(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)';
  return `CASE WHEN regexp_full_match(${text}, ${literal(DAY_AND_MINUTES + SECONDS + zone)}) AND NOT starts_with(${text}, '0000')
    THEN TRY_CAST(regexp_replace(${text}, '([T ][0-9]{2}:[0-9]{2})([Z+-])', '\\1:00\\2') AS TIMESTAMPTZ) END`;
}

/** The own spelling and the declared ones. A text that two of them read as different days is refused, not guessed. */
function dateReading(column: Column, type: 'date' | 'timestamp', own: readonly DateFormat[]): Reading {
  const formats = [...own, ...new Set(column.formats)]
    .map((format) => (typeof format === 'string' ? compileDateFormat(format, type, column.name) : format))
    .filter((format, index) => index === 0 || format.format !== own[0]?.format);
  const rivals = formats.flatMap((one, index) =>
    formats
      .slice(index + 1)
      .filter((other) => other.shapes.some((shape) => one.shapes.includes(shape)))
      .map((other) => [one, other] as const),
  );
  return {
    sql: (text) => `coalesce(${formats.map((format) => format.sql(text)).join(', ')})`,
    unreadable: `unreadable ${type}`,
    refusals: (text) =>
      // NULL where either does not read the text.
      rivals.map(([one, other]) => [`(${one.sql(text)}) <> (${other.sql(text)})`, `ambiguous ${type}`]),
  };
}

/** Characters as SQL counts them. */
function codePoints(text: string): number {
  return Array.from(text).length;
}

function invalid(column: Column, why: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The formats of column "${column.name}" cannot be used: ${why}.`,
    where: `columns.${column.name}.formats`,
    remedy: 'mend the formats: prod# for integers, DD/MM/YYYY and its like for dates',
  });
}
