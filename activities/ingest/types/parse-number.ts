import { areDigits, fourDigits } from './four-digits.ts';
import { writeBillions, writeSafe } from './int64.ts';
import { viewOf } from './view-of.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const POWERS = Float64Array.from({ length: 19 }, (_, power) => 10 ** power);

/**
 * `-?(0|[1-9][0-9]*)`, no `-0`, within 64 bits: as two words at `at`. False when the span is anything else; the words
 * are then of no use.
 */
export function parseInteger(bytes: Uint8Array, from: number, to: number, words: Int32Array, at: number): boolean {
  let i = from;
  if (i >= to) return false;
  const negative = bytes[i] === MINUS;
  if (negative) i += 1;
  const digits = to - i;
  const first = bytes[i]! - ZERO;
  if (digits === 0 || first >>> 0 > 9) return false;
  if (first === 0 && (digits > 1 || negative)) return false;
  if (digits > 9) return parseLong(bytes, i, to, negative, words, at);
  let value = 0;
  if (digits >= 4) {
    const view = viewOf(bytes);
    for (; i + 4 <= to; i += 4) {
      const word = view.getInt32(i, true);
      if (!areDigits(word)) return false;
      value = (value * 10_000 + fourDigits(word)) | 0;
    }
  }
  for (; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit >>> 0 > 9) return false;
    value = (value * 10 + digit) | 0;
  }
  if (negative) value = -value;
  words[at] = value;
  words[at + 1] = value >> 31;
  return true;
}

function parseLong(
  bytes: Uint8Array,
  from: number,
  to: number,
  negative: boolean,
  words: Int32Array,
  at: number,
): boolean {
  if (to - from > 19) return false;
  const split = to - 9;
  let high = 0;
  let low = 0;
  for (let i = from; i < split; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit >>> 0 > 9) return false;
    high = high * 10 + digit;
  }
  for (let i = split; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit >>> 0 > 9) return false;
    low = (low * 10 + digit) | 0;
  }
  return writeBillions(high, low, negative, words, at);
}

/**
 * `-?(0|[1-9][0-9]*)(\.[0-9]{1,scale})?`, no negative zero, at most `precision` (18 at most) digits with the scale
 * filled up: as the number without its point, two words at `at`. False when the span is anything else.
 */
export function parseDecimal(
  bytes: Uint8Array,
  from: number,
  to: number,
  precision: number,
  scale: number,
  words: Int32Array,
  at: number,
): boolean {
  let i = from;
  if (i >= to) return false;
  const negative = bytes[i] === MINUS;
  if (negative) i += 1;
  const begin = i;
  if (i >= to) return false;
  const first = bytes[i]! - ZERO;
  if (first >>> 0 > 9) return false;
  // Wraps around where there are more than nine digits: `writeDigits` reads those again.
  let value = first;
  for (i += 1; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit >>> 0 > 9) break;
    value = (value * 10 + digit) | 0;
  }
  const whole = i - begin;
  if (first === 0 ? whole > 1 : whole > precision - scale) return false;
  let missing = scale;
  if (i < to) {
    if (bytes[i] !== POINT) return false;
    const fraction = to - i - 1;
    if (fraction === 0 || fraction > scale) return false;
    for (i += 1; i < to; i += 1) {
      const digit = bytes[i]! - ZERO;
      if (digit >>> 0 > 9) return false;
      value = (value * 10 + digit) | 0;
    }
    missing = scale - fraction;
  }
  // Nine digits did not wrap around; a double holds every number of fifteen.
  if (to - begin > 9 || whole + scale > 15) return writeDigits(bytes, begin, to, missing, negative, words, at);
  if (negative && value === 0) return false;
  if (missing === 0) {
    if (negative) value = -value;
    words[at] = value;
    words[at + 1] = value >> 31;
  } else writeSafe((negative ? -value : value) * POWERS[missing]!, words, at);
  return true;
}

/** The digits of a number that has proved to be one, with `missing` zeros behind them; 18 in all at most. */
function writeDigits(
  bytes: Uint8Array,
  from: number,
  to: number,
  missing: number,
  negative: boolean,
  words: Int32Array,
  at: number,
): boolean {
  let high = 0;
  let low = 0;
  for (let i = from; i < to + missing; i += 1) {
    if (i < to && bytes[i] === POINT) continue;
    const digit = i < to ? bytes[i]! - ZERO : 0;
    const carry = Math.floor(low / 100_000_000);
    high = high * 10 + carry;
    low = (low - carry * 100_000_000) * 10 + digit;
  }
  if (negative && high === 0 && low === 0) return false;
  return writeBillions(high, low, negative, words, at);
}
