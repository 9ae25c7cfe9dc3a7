import type { ColumnType } from '../../../workflows/definition/index.ts';
import { NO_DATE, parseDate, parseTimestamp } from './parse-date.ts';
import { parseInteger } from './parse-number.ts';

/**
 * What a format says of a value besides its text: nothing (`plain`: CSV, XML), or which JSON value it is. A JSON string
 * is never a number or boolean, a JSON number never a date, however it looks.
 */
export type ValueKind = 'plain' | 'string' | 'number' | 'boolean';

/**
 * The types that are inferred, in the order of the bits that stand for them. `double` and `timestamptz` are by
 * declaration only: neither gives back the text it was read from.
 */
export const KINDS = [
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'timestamp',
] as const satisfies readonly ColumnType['kind'][];

const TEXT = 1;
const INTEGER = 2;
const DECIMAL = 4;
const BOOLEAN = 8;
const DATE = 16;
const TIMESTAMP = 32;

/** Digits that the widest decimal holds. */
export const MOST_DIGITS = 38;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const SCRATCH = new Int32Array(2);

/** The bits of these kinds; of those that are never inferred there are none. */
export function kindsThat(kinds: readonly ColumnType['kind'][]): number {
  let bits = 0;
  KINDS.forEach((kind, index) => {
    if (kinds.includes(kind)) bits |= 1 << index;
  });
  return bits;
}

/** The kinds, as bits, that hold this text exactly. A text always does. */
export function classify(kind: ValueKind, bytes: Uint8Array, from: number, to: number): number {
  const first = to > from ? bytes[from]! : 0;
  const digit = (first - ZERO) >>> 0 <= 9;
  let fits = TEXT;
  if (kind === 'plain' || kind === 'number') {
    if ((digit || first === MINUS) && to - from <= MOST_DIGITS + 2 && isDecimal(bytes, from, to)) {
      fits |= DECIMAL;
      if (parseInteger(bytes, from, to, SCRATCH, 0)) fits |= INTEGER;
    }
  }
  if ((kind === 'plain' || kind === 'string') && digit) {
    if (parseDate(bytes, from, to) !== NO_DATE) fits |= DATE;
    else if (parseTimestamp(bytes, from, to, SCRATCH, 0)) fits |= TIMESTAMP;
  }
  if ((kind === 'plain' || kind === 'boolean') && isBoolean(bytes, from, to)) fits |= BOOLEAN;
  return fits;
}

/** Digits before the point of a span that `classify` found to be a decimal; otherwise 0. */
export function wholeDigits(bytes: Uint8Array, from: number, to: number, fits: number): number {
  if ((fits & DECIMAL) === 0) return 0;
  const begin = bytes[from] === MINUS ? from + 1 : from;
  return pointOf(bytes, begin, to) - begin;
}

/** Digits after the point of a span that is a decimal. */
export function fractionDigits(bytes: Uint8Array, from: number, to: number): number {
  return Math.max(0, to - pointOf(bytes, from, to) - 1);
}

/** `true` or `false`: 1 or 0; anything else: -1. */
export function parseBoolean(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length === 4) return bytes[from] === 0x74 && tail(bytes, from, 0x72, 0x75, 0x65) ? 1 : -1;
  if (length !== 5 || bytes[from] !== 0x66 || bytes[from + 1] !== 0x61) return -1;
  return tail(bytes, from + 1, 0x6c, 0x73, 0x65) ? 0 : -1;
}

function isBoolean(bytes: Uint8Array, from: number, to: number): boolean {
  return parseBoolean(bytes, from, to) >= 0;
}

function tail(bytes: Uint8Array, at: number, one: number, two: number, three: number): boolean {
  return bytes[at + 1] === one && bytes[at + 2] === two && bytes[at + 3] === three;
}

/** `-?(0|[1-9][0-9]*)(\.[0-9]+)?` of at most 38 digits, no negative zero. */
function isDecimal(bytes: Uint8Array, from: number, to: number): boolean {
  const begin = bytes[from] === MINUS ? from + 1 : from;
  const point = pointOf(bytes, begin, to);
  const digits = to - begin - (point < to ? 1 : 0);
  if (point === begin || point + 1 === to || digits > MOST_DIGITS) return false;
  if (bytes[begin] === ZERO && point > begin + 1) return false;
  let zero = true;
  for (let i = begin; i < to; i += 1) {
    if (i === point) continue;
    const digit = bytes[i]! - ZERO;
    if (digit >>> 0 > 9) return false;
    if (digit !== 0) zero = false;
  }
  return begin === from || !zero;
}

/** Where the point stands; the end if there is none. */
function pointOf(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i += 1) if (bytes[i] === POINT) return i;
  return to;
}
