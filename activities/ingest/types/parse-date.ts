import { areDigits, fourDigits } from './four-digits.ts';
import { viewOf } from './view-of.ts';

const COLON = 0x3a;
const POINT = 0x2e;
const SPACE = 0x20;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const PLUS = 0x2b;
const MINUS = 0x2d;
/** Bytes of `YYYY-MM-DDTHH:mm`. */
const SHORTEST_TIME = 16;
const ZERO = 0x30;
/** In `-MM-` read as one word: where the dashes are, and they themselves. */
const DASHES_ONLY = 0xff00_00ff | 0;
const DASHES = 0x2d00_002d;
const SECONDS_A_DAY = 86_400;

/** What `parseDate` says of a span that is no date. No date of the years 1 to 9999 is near it. */
export const NO_DATE = -0x8000_0000;

/** Days from 1970-01-01 to the first day of each year from 0 to 10000, of the Gregorian calendar carried back. */
const YEAR_STARTS = yearStarts();
const MONTH_STARTS = Int32Array.of(0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334);
const MONTH_DAYS = Int32Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** `YYYY-MM-DD` that exists, years 0001 to 9999: days from 1970-01-01. Anything else: `NO_DATE`. */
export function parseDate(bytes: Uint8Array, from: number, to: number): number {
  return to - from === 10 ? dateAt(viewOf(bytes), from) : NO_DATE;
}

function dateAt(view: DataView, from: number): number {
  // `YYYY`, `-MM-` and `DD`, first byte lowest.
  const years = view.getInt32(from, true);
  const months = view.getInt32(from + 4, true);
  const days = view.getInt16(from + 8, true);
  if (!areDigits(years) || (months & DASHES_ONLY) !== DASHES) return NO_DATE;
  const monthTens = ((months >> 8) & 0xff) - ZERO;
  const monthOnes = ((months >> 16) & 0xff) - ZERO;
  const dayTens = (days & 0xff) - ZERO;
  const dayOnes = (days >> 8) - ZERO;
  if (monthTens >>> 0 > 1 || monthOnes >>> 0 > 9 || dayTens >>> 0 > 3 || dayOnes >>> 0 > 9) return NO_DATE;
  const year = fourDigits(years);
  const month = monthTens * 10 + monthOnes;
  const day = dayTens * 10 + dayOnes;
  if (year === 0 || month === 0 || month > 12 || day === 0) return NO_DATE;
  const start = YEAR_STARTS[year]!;
  const leap = YEAR_STARTS[year + 1]! - start - 365;
  if (day > MONTH_DAYS[month]! + (month === 2 ? leap : 0)) return NO_DATE;
  return start + MONTH_STARTS[month]! + (month > 2 ? leap : 0) + day - 1;
}

/**
 * `YYYY-MM-DD[T ]HH:mm[:ss[.f{1,6}]]` of a day that exists, years 0001 to 9999: microseconds from 1970-01-01 00:00 as
 * two words at `at`. False when the span is anything else.
 */
export function parseTimestamp(bytes: Uint8Array, from: number, to: number, words: Int32Array, at: number): boolean {
  return parseTime(bytes, from, to, 0, words, at);
}

/** The same with `Z` or an offset behind it (`+01`, `+0100`, `+01:00`): microseconds from 1970-01-01 00:00 in UTC. */
export function parseInstant(bytes: Uint8Array, from: number, to: number, words: Int32Array, at: number): boolean {
  if (to - from < SHORTEST_TIME + 1) return false;
  if (bytes[to - 1] === LETTER_Z) return parseTime(bytes, from, to - 1, 0, words, at);
  // The sign stands three, five or six bytes before the end: `+01`, `+0100`, `+01:00`.
  let sign = to - 3;
  let minutes = 0;
  if (!isSign(bytes[sign]!)) {
    minutes = twoDigits(bytes, to - 2);
    sign = bytes[to - 3] === COLON ? to - 6 : to - 5;
    if (!isSign(bytes[sign]!)) return false;
  }
  const hours = twoDigits(bytes, sign + 1);
  if (hours > 23 || minutes > 59 || sign < from + SHORTEST_TIME) return false;
  const seconds = hours * 3600 + minutes * 60;
  return parseTime(bytes, from, sign, bytes[sign] === MINUS ? -seconds : seconds, words, at);
}

function isSign(byte: number): boolean {
  return byte === PLUS || byte === MINUS;
}

/** `ahead`: seconds by which the clock that shows the time is ahead of UTC. */
function parseTime(bytes: Uint8Array, from: number, to: number, ahead: number, words: Int32Array, at: number): boolean {
  const length = to - from;
  if (length !== 16 && length !== 19 && (length < 21 || length > 26)) return false;
  const between = bytes[from + 10];
  if (between !== SPACE && between !== LETTER_T) return false;
  const days = dateAt(viewOf(bytes), from);
  if (days === NO_DATE) return false;
  const hour = twoDigits(bytes, from + 11);
  const minute = twoDigits(bytes, from + 14);
  if (hour > 23 || minute > 59 || bytes[from + 13] !== COLON) return false;
  let second = 0;
  if (length > 16) {
    second = twoDigits(bytes, from + 17);
    if (second > 59 || bytes[from + 16] !== COLON) return false;
  }
  let micros = 0;
  if (length > 19) {
    if (bytes[from + 19] !== POINT) return false;
    for (let i = from + 20; i < from + 26; i += 1) {
      const digit = i < to ? bytes[i]! - ZERO : 0;
      if (digit >>> 0 > 9) return false;
      micros = micros * 10 + digit;
    }
  }
  writeMicros(days * SECONDS_A_DAY + hour * 3600 + minute * 60 + second - ahead, micros, words, at);
  return true;
}

/** A million times the seconds is beyond 2^53 in years far away: in steps that stay exact. */
function writeMicros(seconds: number, micros: number, words: Int32Array, at: number): void {
  const upper = Math.floor(seconds / 0x10_0000);
  const lower = seconds - upper * 0x10_0000;
  const top = upper * 1_000_000;
  const carry = Math.floor(top / 0x1000);
  const rest = (top - carry * 0x1000) * 0x10_0000 + lower * 1_000_000 + micros;
  words[at] = rest;
  words[at + 1] = carry + Math.floor(rest / 0x1_0000_0000);
}

/** A number that no part of a time can be, if these are not two digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - ZERO;
  const ones = bytes[at + 1]! - ZERO;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? 99 : tens * 10 + ones;
}

function yearStarts(): Int32Array {
  const starts = new Int32Array(10_001);
  let days = -719_528;
  for (let year = 0; year <= 10_000; year += 1) {
    starts[year] = days;
    days += year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 366 : 365;
  }
  return starts;
}
