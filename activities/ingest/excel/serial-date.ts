import type { Shown } from './number-format.ts';

const DAY_MS = 86_400_000;
/** Day 0 of the two countings, in milliseconds since 1970. */
const DAY_ZERO_1900 = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);
/** 31 December 9999. */
const LAST_DAY = 2_958_465;
/** 1900 was no leap year, but its day 60 is 29 February there: days before stand one off. */
const FALSE_LEAP_DAY = 60;

/**
 * A number of days, shown as a date or time, as ISO text: `2024-01-05`, `2024-01-05T10:00:00`, `10:00:00`, spans as hours
 * `36:30:00`. A date with a time that is not shown keeps it. Nothing: it is no such date.
 */
export function serialText(serial: number, shown: Exclude<Shown, 'number'>, from1904: boolean): string | undefined {
  if (shown === 'span' || (shown === 'time' && serial >= 0 && serial < 1)) return spanText(serial);
  if (serial < 0 || serial >= LAST_DAY + 1 - (from1904 ? 1462 : 0)) return undefined;
  const { whole, ticks } = split(serial);
  const day = dayText(whole, from1904);
  if (day === undefined) return undefined;
  return shown === 'date' && ticks === 0 ? day : `${day}T${timeText(ticks)}`;
}

function dayText(serial: number, from1904: boolean): string | undefined {
  let zero = DAY_ZERO_1904;
  if (!from1904) {
    if (serial === FALSE_LEAP_DAY || serial < 1) return undefined;
    zero = serial < FALSE_LEAP_DAY ? DAY_ZERO_1900 + DAY_MS : DAY_ZERO_1900;
  }
  return new Date(zero + serial * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Whole days and microseconds of the day. A double of days is no better than some microseconds, and worse the later the
 * day: what is a millisecond as far as it can say is meant as one.
 */
function split(serial: number): { whole: number; ticks: number } {
  const whole = Math.floor(serial);
  const milliseconds = (serial - whole) * DAY_MS;
  const near = Math.round(milliseconds);
  const ticks =
    Math.abs(milliseconds - near) <= DAY_MS * 2 * Number.EPSILON * (serial + 1)
      ? near * 1000
      : Math.round(milliseconds * 1000);
  return ticks >= DAY_MS * 1000 ? { whole: whole + 1, ticks: 0 } : { whole, ticks };
}

function spanText(serial: number): string {
  const { whole, ticks } = split(Math.abs(serial));
  const hours = whole * 24 + Math.floor(ticks / 3.6e9);
  return `${serial < 0 ? '-' : ''}${String(hours).padStart(2, '0')}${timeText(ticks).slice(2)}`;
}

function timeText(ticks: number): string {
  const time = new Date(Math.floor(ticks / 1000)).toISOString().slice(11, 19);
  const fraction = String(ticks % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return fraction === '' ? time : `${time}.${fraction}`;
}
