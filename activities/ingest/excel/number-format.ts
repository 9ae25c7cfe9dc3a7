/**
 * What a number format shows of a number. `date`: day only. `moment`: day and time. `time`: time of day. `span`: hours
 * beyond a day.
 */
export type Shown = 'number' | 'date' | 'moment' | 'time' | 'span';

/** What the formats that need no code show. Those that stand for dates in Far Eastern editions included. */
export function builtInFormat(id: number): Shown {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54)) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47 || id === 55 || id === 56)
    return 'time';
  if (id === 57 || id === 58) return 'date';
  if (id === 46) return 'span';
  return id === 22 ? 'moment' : 'number';
}

/** What a format code shows: `yyyy-mm-dd` a date, `[h]:mm` a span, `0.00" d"` a number. The first section decides. */
export function shownBy(code: string): Shown {
  const plain = code
    // What is quoted, escaped, padding or filling is shown as it is.
    .replace(/"[^"]*"?|\\.|_.|\*./gs, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
    .split(';')[0]!
    .toLowerCase();
  if (/\[(h+|m+|s+)\]/.test(plain)) return 'span';
  const time = /[hs]|am\/pm|a\/p/.test(plain);
  // An e between digits is an exponent, else a year; an m beside hours or seconds is minutes.
  const date = /[ydgb]/.test(plain) || /e(?![+-])/.test(plain) || (!time && plain.includes('m')) || /mmm/.test(plain);
  if (date) return time ? 'moment' : 'date';
  return time ? 'time' : 'number';
}
