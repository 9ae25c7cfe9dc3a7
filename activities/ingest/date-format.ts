import { AcequiaError } from '../failure/acequia-error.ts';
import { literal } from '../duckdb/identifiers.ts';

/** A declared spelling of dates or timestamps, compiled. */
export interface DateFormat {
  readonly format: string;
  /** SQL: the value as DATE or TIMESTAMP when the text is exactly in this spelling and names a real day, else NULL. */
  sql(text: string): string;
  /** What its texts look like, with `d` for a digit and `@` for a month's name: formats without a common shape never read the same text. */
  readonly shapes: readonly string[];
}

/** Abbreviated months in English and Spanish, in any case. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene'],
  ['feb'],
  ['mar'],
  ['apr', 'abr'],
  ['may'],
  ['jun'],
  ['jul'],
  ['aug', 'ago'],
  ['sep', 'sept'],
  ['oct'],
  ['nov'],
  ['dec', 'dic'],
];

/** Token → its part of the date, regular expression, and number of characters (0: it varies). */
const TOKENS = {
  YYYY: { part: 'year', pattern: '[0-9]{4}', width: 4 },
  MMM: {
    part: 'month',
    pattern: `(?i:${MONTHS.flat()
      .sort((a, b) => b.length - a.length)
      .join('|')})`,
    width: 0,
  },
  MM: { part: 'month', pattern: '[0-9]{2}', width: 2 },
  M: { part: 'month', pattern: '[0-9]{1,2}', width: 0 },
  DD: { part: 'day', pattern: '[0-9]{2}', width: 2 },
  D: { part: 'day', pattern: '[0-9]{1,2}', width: 0 },
  HH: { part: 'hour', pattern: '[0-9]{2}', width: 2 },
  mm: { part: 'minute', pattern: '[0-9]{2}', width: 2 },
  ss: { part: 'second', pattern: '[0-9]{2}', width: 2 },
} as const;

type Token = keyof typeof TOKENS;
type Part = (typeof TOKENS)[Token]['part'];

/**
 * Compiles `DD/MM/YYYY` and its like. `M` and `D` take one or two digits; everything that is no token stands for itself.
 * For a date, a format with a time reads only midnight: any other time would be lost. Error `DefinitionInvalid`.
 */
export function compileDateFormat(format: string, type: 'date' | 'timestamp', column: string): DateFormat {
  const pieces = format.split(/(YYYY|MMM|MM|M|DD|D|HH|mm|ss)/).filter((piece) => piece !== '');
  const places = new Map<Part, { token: Token; group: number; at: number | undefined }>();
  let pattern = '';
  let shapes = [''];
  let at: number | undefined = 1;
  pieces.forEach((piece, index) => {
    if (!isToken(piece)) {
      pattern += escapePattern(piece);
      shapes = shapes.map((shape) => shape + piece.replaceAll(/[0-9]/g, 'd'));
      if (at !== undefined) at += Array.from(piece).length;
      return;
    }
    const { part, width } = TOKENS[piece];
    if (places.has(part)) throw invalid(format, column, `it names the ${part} twice`);
    const next = pieces[index + 1];
    const before = pieces[index - 1];
    const digits = (neighbour: string | undefined, own: RegExp): boolean =>
      neighbour !== undefined && (isToken(neighbour) ? neighbour !== 'MMM' : own.test(neighbour));
    if ((piece === 'M' || piece === 'D') && (digits(next, /^[0-9]/) || digits(before, /[0-9]$/))) {
      throw invalid(format, column, `${piece} beside other digits can be read in several ways`);
    }
    places.set(part, { token: piece, group: places.size + 1, at });
    pattern += `(${TOKENS[piece].pattern})`;
    const looks = piece === 'MMM' ? ['@'] : width > 0 ? ['d'.repeat(width)] : ['d', 'dd'];
    shapes = shapes.flatMap((shape) => looks.map((look) => shape + look));
    at = at === undefined || width === 0 ? undefined : at + width;
  });
  for (const part of ['year', 'month', 'day'] as const) {
    if (!places.has(part)) throw invalid(format, column, `it lacks the ${part}`);
  }
  if (places.has('minute') && !places.has('hour')) throw invalid(format, column, 'it has minutes without hours');
  if (places.has('second') && !places.has('minute')) throw invalid(format, column, 'it has seconds without minutes');

  const whole = literal(pattern);
  const textOf = (part: Part, text: string): string => {
    const place = places.get(part);
    if (!place) return "'00'";
    const { token, group } = place;
    const found =
      place.at !== undefined && TOKENS[token].width > 0
        ? `substr(${text}, ${place.at}, ${TOKENS[token].width})`
        : `regexp_extract(${text}, ${whole}, ${group})`;
    if (token === 'MMM') return monthNumber(found);
    return token === 'M' || token === 'D' ? `lpad(${found}, 2, '0')` : found;
  };
  const sql = (text: string): string => {
    const [year, month, day] = (['year', 'month', 'day'] as const).map((part) => textOf(part, text));
    const [hour, minute, second] = (['hour', 'minute', 'second'] as const).map((part) => textOf(part, text));
    const matches = [`regexp_full_match(${text}, ${whole})`, `${year} <> '0000'`];
    if (type === 'timestamp' && places.has('hour'))
      matches.push(`${hour} < '24'`, `${minute} < '60'`, `${second} < '60'`);
    if (type === 'date' && places.has('hour')) matches.push(`${hour} || ${minute} || ${second} = '000000'`);
    const value =
      type === 'date'
        ? `TRY_CAST(${year} || '-' || ${month} || '-' || ${day} AS DATE)`
        : `TRY_CAST(${year} || '-' || ${month} || '-' || ${day} || ' ' || ${hour} || ':' || ${minute} || ':' || ${second} AS TIMESTAMP)`;
    return `CASE WHEN ${matches.join(' AND ')} THEN ${value} END`;
  };
  return { format, sql, shapes };
}

/** A text that a regular expression matches as itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
}

function monthNumber(text: string): string {
  const cases = MONTHS.map(
    (names, index) =>
      `WHEN lower(${text}) IN (${names.map(literal).join(', ')}) THEN '${String(index + 1).padStart(2, '0')}'`,
  );
  return `CASE ${cases.join(' ')} END`;
}

function isToken(piece: string): piece is Token {
  return Object.hasOwn(TOKENS, piece);
}

function invalid(format: string, column: string, why: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The format "${format}" cannot be read: ${why}.`,
    where: `columns.${column}.formats`,
    remedy: 'write it with YYYY, MM, M or MMM, DD or D, and for a time HH, mm, ss',
  });
}
