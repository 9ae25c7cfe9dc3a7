import { ISO_4217, type ValueKind } from '../../workflows/definition/index.ts';
import { dateSpelling, epochUnit } from './date-spelling.ts';
import { amountOfMoney, numberSpelling } from './number-spelling.ts';
import { statusOf } from './status-words.ts';

/** What stands at a path of some records, without any of their values. */
export interface ValueProfile {
  readonly path: string;
  readonly kind: ValueKind;
  /** Values that are there and not blank. */
  readonly values: number;
  readonly distinct: number;
  readonly shortest: number;
  readonly longest: number;
  /** What they are written like: format → values, most frequent first. */
  readonly formats: Readonly<Record<string, number>>;
}

/** The first one that fits is what a value is written like. */
const FORMATS: readonly (readonly [name: string, isSo: (text: string) => boolean])[] = [
  ['uuid', (text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)],
  ['ISO currency', (text) => ISO_4217.includes(text)],
  ['two capitals, as a country', (text) => /^[A-Z]{2}$/.test(text) && statusOf(text) === undefined],
  ['status word', (text) => statusOf(text) !== undefined],
  ['epoch, seconds', (text) => epochUnit([text]) === 'seconds'],
  ['epoch, milliseconds', (text) => epochUnit([text]) === 'milliseconds'],
  ['date', (text) => dateSpelling([text]) !== undefined],
  ['integer', (text) => /^-?\d+$/.test(text)],
  ['decimal point', (text) => /^-?\d+\.\d+$/.test(text)],
  ['decimal comma', (text) => /^-?[\d. \u00a0\u202f]*\d,\d+$/.test(text) && numberSpelling([text]) !== undefined],
  ['grouped number', (text) => numberSpelling([text]) !== undefined],
  ['money with its currency', (text) => amountOfMoney(text) !== undefined],
  ['true or false', (text) => /^(?:true|false)$/i.test(text)],
  ['e-mail address', (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)],
  ['URL', (text) => /^\w+:\/\/\S+$/.test(text)],
  ['one word', (text) => /^\p{L}+$/u.test(text)],
  ['letters and digits', (text) => /^[\p{L}\p{N}_.:#-]+$/u.test(text)],
];

/** @param texts those that are not blank */
export function profileOf(path: string, kind: ValueKind, texts: readonly string[]): ValueProfile {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const format = FORMATS.find(([, isSo]) => isSo(text))?.[0] ?? 'text';
    counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const lengths = texts.map((text) => text.length);
  const formats = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    ...{ path, kind, values: texts.length, distinct: new Set(texts).size },
    shortest: lengths.reduce((least, length) => Math.min(least, length), lengths[0] ?? 0),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    formats: Object.fromEntries(formats),
  };
}
