import type { Column } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { compileDateFormat, OFFSET_PATTERN, OFFSET_SHAPES, type DateFormat, type DateKind } from './date-format.ts';
import type { Reading } from './reading.ts';
import { clockRefusals, instantSql } from './zone-clock.ts';

const DAY_AND_MINUTES = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]';
const SECONDS = '(?::[0-5][0-9](?:\\.[0-9]{1,6})?)?';

const ISO_SHAPES = [' ', 'T'].flatMap((between) =>
  ['', ':dd', ...Array.from({ length: 6 }, (_, digits) => `:dd.${'d'.repeat(digits + 1)}`)].map(
    (seconds) => `dddd-dd-dd${between}dd:dd${seconds}`,
  ),
);

/** Each type's own spelling; for times ISO 8601, to the minute, second or microsecond. */
const OWN: Readonly<Record<DateKind, DateFormat>> = {
  date: compileDateFormat('YYYY-MM-DD', 'date', ''),
  timestamp: {
    format: 'ISO',
    shapes: ISO_SHAPES,
    sql: (text) =>
      `CASE WHEN regexp_full_match(${text}, ${literal(DAY_AND_MINUTES + SECONDS)}) AND NOT starts_with(${text}, '0000')
        THEN TRY_CAST(${text} AS TIMESTAMP) END`,
  },
  timestamptz: {
    format: 'ISO',
    shapes: ISO_SHAPES.flatMap((shape) => OFFSET_SHAPES.map((offset) => shape + offset)),
    // DuckDB wants seconds before a zone, so `10:00Z` is read as `10:00:00Z`.
    sql: (text) =>
      `CASE WHEN regexp_full_match(${text}, ${literal(DAY_AND_MINUTES + SECONDS + OFFSET_PATTERN)})
        AND NOT starts_with(${text}, '0000')
        THEN TRY_CAST(CASE WHEN ${text}[17] = ':' THEN ${text} ELSE ${text}[:16] || ':00' || ${text}[17:] END AS TIMESTAMPTZ) END`,
  },
};

const UNREADABLE: Readonly<Record<DateKind, string>> = {
  date: 'unreadable date',
  timestamp: 'unreadable timestamp',
  timestamptz: 'unreadable timestamp with zone',
};

/**
 * The own spelling and the declared ones. A text that two of them read as different times is refused, not guessed. In a column
 * with a zone, texts without an offset are times of its clocks.
 */
export function dateReading(column: Column, kind: DateKind): Reading {
  const { zone } = column;
  const own = OWN[kind];
  const declared = [...new Set(column.formats)].filter((format) => format !== own.format);
  const isLocal = (format: string): boolean => zone !== undefined && !format.includes('ZZ');
  const compile = (format: string, as: DateKind): DateFormat => compileDateFormat(format, as, column.name);
  const formats = [own, ...declared.filter((format) => !isLocal(format)).map((format) => compile(format, kind))];
  const instants = readingOf(formats, kind);
  if (zone === undefined) return { ...instants, unreadable: UNREADABLE[kind] };
  const local = readingOf(
    [OWN.timestamp, OWN_DAY, ...declared.filter(isLocal).map((format) => compile(format, 'timestamp'))],
    kind,
  );
  return {
    sql: (text) => `coalesce(${instants.sql(text)}, ${instantSql(local.sql(text), zone)})`,
    unreadable: UNREADABLE[kind],
    refusals: (text, value) => [
      ...instants.refusals(text),
      ...local.refusals(text),
      ...clockRefusals(local.sql(text), value, zone),
    ],
  };
}

/**
 * Whether a text in the type's own spelling is always that value: no declared format reads any of them. Of other types than
 * dates and times nothing is known.
 */
export function isOwnSpellingCertain({ name, type, formats, zone }: Column): boolean {
  const { kind } = type;
  if (kind !== 'date' && kind !== 'timestamp' && kind !== 'timestamptz') return false;
  return formats.every((format) => {
    const isLocal = zone !== undefined && !format.includes('ZZ');
    const { shapes } = compileDateFormat(format, isLocal ? 'timestamp' : kind, name);
    return !shapes.some((shape) => OWN[kind].shapes.includes(shape));
  });
}

/** A day alone is its begin. */
const OWN_DAY = compileDateFormat('YYYY-MM-DD', 'timestamp', '');

function readingOf(formats: readonly DateFormat[], kind: DateKind) {
  const rivals = formats.flatMap((one, index) =>
    formats
      .slice(index + 1)
      .filter((other) => other.shapes.some((shape) => one.shapes.includes(shape)))
      .map((other) => [one, other] as const),
  );
  return {
    sql: (text: string): string => `coalesce(${formats.map((format) => format.sql(text)).join(', ')})`,
    refusals: (text: string): (readonly [string, string])[] =>
      // NULL where either does not read the text.
      rivals.map(([one, other]) => [`(${one.sql(text)}) <> (${other.sql(text)})`, `ambiguous ${kind}`]),
  };
}
