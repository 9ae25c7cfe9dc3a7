import { endOfJsonString } from '../ingest/records/json-string.ts';

/** Where a string begins, which is left alone, or a number, which a double may not hold. Of JSON that is known to be valid. */
const TOKEN = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Digits that an exponent may add before a number is left as it is written. */
const MOST_DIGITS = 200;

/**
 * RE2: a text of JSON that may hold a number which would not be the same once a double has carried it: one of many digits, a very
 * small one, or one with an exponent. Numbers stand at the begin, or behind `:`, `[` or `,`.
 */
export const INEXACT_NUMBER = String.raw`(^|[:\[,])\s*-?([0-9.]{16,}|0\.0000|[0-9.]+[eE])`;

/** Puts every number of a JSON text between quotes, in plain digits: from there on its digits are carried as they are. */
export function numbersAsText(json: string): string {
  let [text, from] = ['', 0];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(json); found; found = TOKEN.exec(json)) {
    const [token] = found;
    const end = token === '"' ? endOfJsonString(json, found.index) : TOKEN.lastIndex;
    text += json.slice(from, found.index) + (token === '"' ? json.slice(found.index, end) : `"${plainDigits(token)}"`);
    from = TOKEN.lastIndex = end;
  }
  return text + json.slice(from);
}

/**
 * `1.5e3` as `1500`, `12.3400` as `12.34`: exactly. What would have too many digits stays as it is, and is no number to any
 * type.
 */
export function plainDigits(number: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const shift = Number(power);
  if (Math.abs(shift) > MOST_DIGITS) return number;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const after = padded.slice(at).replace(/0+$/, '');
  return `${sign}${before}${after === '' ? '' : `.${after}`}`;
}
