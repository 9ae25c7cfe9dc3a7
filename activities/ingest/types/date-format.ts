import { AcequiaError } from '../../failure/acequia-error.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { escapePattern } from './escape-pattern.ts';

/** What a declared spelling is for: only an instant has an offset. */
export type DateKind = 'date' | 'timestamp' | 'timestamptz';

/** A declared spelling of dates or timestamps, compiled. */
export interface DateFormat {
  readonly format: string;
  /** SQL: the value as DATE, TIMESTAMP or TIMESTAMPTZ when the text is exactly in this spelling and names a real day, else NULL. */
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

/** `Z` or a signed offset: `+01`, `+0100`, `+01:00`. */
export const OFFSET_PATTERN = '(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)';
export const OFFSET_SHAPES = ['Z', ...['+', '-'].flatMap((sign) => [`${sign}dd`, `${sign}dddd`, `${sign}dd:dd`])];

/** Token → its part of the date, regular expression, number of characters (0: it varies), and what its texts look like. */
const TOKENS = {
  YYYY: { part: 'year', pattern: '[0-9]{4}', width: 4, looks: ['dddd'] },
  MMM: {
    part: 'month',
    pattern: `(?i:${MONTHS.flat()
      .sort((a, b) => b.length - a.length)
      .join('|')})`,
    width: 0,
    looks: ['@'],
  },
  MM: { part: 'month', pattern: '[0-9]{2}', width: 2, looks: ['dd'] },
  M: { part: 'month', pattern: '[0-9]{1,2}', width: 0, looks: ['d', 'dd'] },
  DD: { part: 'day', pattern: '[0-9]{2}', width: 2, looks: ['dd'] },
  D: { part: 'day', pattern: '[0-9]{1,2}', width: 0, looks: ['d', 'dd'] },
  HH: { part: 'hour', pattern: '[0-9]{2}', width: 2, looks: ['dd'] },
  mm: { part: 'minute', pattern: '[0-9]{2}', width: 2, looks: ['dd'] },
  ss: { part: 'second', pattern: '[0-9]{2}', width: 2, looks: ['dd'] },
  ZZ: { part: 'offset', pattern: OFFSET_PATTERN, width: 0, looks: OFFSET_SHAPES },
} as const;

type Token = keyof typeof TOKENS;
type Part = (typeof TOKENS)[Token]['part'];

/** Tokens whose texts may be shorter: digits right beside them could belong to either. */
const ELASTIC: readonly Token[] = ['M', 'D', 'ZZ'];

/** Where a part of the date stands in the text. */
interface Place {
  readonly token: Token;
  /** Of the regular expression. */
  readonly group: number;
  /** 1-based position of its first character, where that is always the same. */
  readonly at: number | undefined;
}

/**
 * Compiles `DD/MM/YYYY` and its like. `M` and `D` take one or two digits, `ZZ` is an offset and belongs to a timestamptz
 * alone; everything that is no token stands for itself. For a date, a format with a time reads only midnight: any other
 * time would be lost. Error `DefinitionInvalid`.
 */
export function compileDateFormat(format: string, kind: DateKind, column: string): DateFormat {
  const pieces = format.split(/(YYYY|MMM|MM|M|DD|D|HH|mm|ss|ZZ)/).filter((piece) => piece !== '');
  const places = new Map<Part, Place>();
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
    const { part, width, looks } = TOKENS[piece];
    if (places.has(part)) throw invalid(format, column, `it names the ${part} twice`);
    const digits = (neighbour: string | undefined, own: RegExp): boolean =>
      neighbour !== undefined && (isToken(neighbour) ? neighbour !== 'MMM' : own.test(neighbour));
    const before = piece !== 'ZZ' && digits(pieces[index - 1], /[0-9]$/);
    if (ELASTIC.includes(piece) && (before || digits(pieces[index + 1], /^[0-9]/))) {
      throw invalid(format, column, `${piece} beside other digits can be read in several ways`);
    }
    places.set(part, { token: piece, group: places.size + 1, at });
    pattern += `(${TOKENS[piece].pattern})`;
    shapes = shapes.flatMap((shape) => looks.map((look) => shape + look));
    at = at === undefined || width === 0 ? undefined : at + width;
  });
  const wrong = incomplete(new Set(places.keys()), kind);
  if (wrong) throw invalid(format, column, wrong);
  return { format, shapes, sql: (text) => dateSql(text, kind, pattern, places) };
}

function incomplete(parts: ReadonlySet<Part>, kind: DateKind): string | undefined {
  for (const part of ['year', 'month', 'day'] as const) if (!parts.has(part)) return `it lacks the ${part}`;
  if (parts.has('minute') && !parts.has('hour')) return 'it has minutes without hours';
  if (parts.has('second') && !parts.has('minute')) return 'it has seconds without minutes';
  if (kind !== 'timestamptz') return parts.has('offset') ? `a ${kind} has no offset (ZZ)` : undefined;
  if (!parts.has('offset')) return 'it lacks the offset (ZZ), without which it names no instant';
  return parts.has('hour') ? undefined : 'it has an offset without hours';
}

function dateSql(text: string, kind: DateKind, pattern: string, places: ReadonlyMap<Part, Place>): string {
  const whole = literal(pattern);
  const anchored = literal(`^(?:${pattern})$`);
  const textOf = (part: Part): string => {
    const place = places.get(part);
    if (!place) return "'00'";
    const { token, group } = place;
    const found =
      place.at !== undefined && TOKENS[token].width > 0
        ? `substr(${text}, ${place.at}, ${TOKENS[token].width})`
        : `regexp_extract(${text}, ${anchored}, ${group})`;
    if (token === 'MMM') return monthNumber(found);
    return token === 'M' || token === 'D' ? `lpad(${found}, 2, '0')` : found;
  };
  const [year, month, day] = (['year', 'month', 'day'] as const).map(textOf);
  const [hour, minute, second] = (['hour', 'minute', 'second'] as const).map(textOf);
  const matches = [`regexp_full_match(${text}, ${whole})`, `${year} <> '0000'`];
  if (places.has('hour')) {
    if (kind === 'date') matches.push(`${hour} || ${minute} || ${second} = '000000'`);
    else matches.push(`${hour} < '24'`, `${minute} < '60'`, `${second} < '60'`);
  }
  const date = `${year} || '-' || ${month} || '-' || ${day}`;
  const time = `${date} || ' ' || ${hour} || ':' || ${minute} || ':' || ${second}`;
  const value = {
    date: `TRY_CAST(${date} AS DATE)`,
    timestamp: `TRY_CAST(${time} AS TIMESTAMP)`,
    timestamptz: `TRY_CAST(${time} || ${textOf('offset')} AS TIMESTAMPTZ)`,
  }[kind];
  return `CASE WHEN ${matches.join(' AND ')} THEN ${value} END`;
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
    remedy: 'write it with YYYY, MM, M or MMM, DD or D, and for a time HH, mm, ss; an instant needs ZZ too',
  });
}
