import type { ColumnType } from '../../../workflows/definition/index.ts';
import { MOST_DIGITS } from './classify.ts';
import type { EvidenceData } from './evidence.ts';

/**
 * The narrowest type that holds every value seen so that none is changed: `integer → decimal → text`,
 * `date → timestamp → text`, `boolean → text`; `text` where no value was seen.
 *
 * What must be kept is the value, not each of its spellings: of a decimal the number, so `1.5` beside `1.25` is 1.50; of
 * a timestamp the moment on the clock, so `10:00` is `10:00:00`. A date beside timestamps is a `text`: as a timestamp it
 * would be given a midnight that the file does not speak of, and nobody could tell it from a midnight that it does
 * speak of. So a date becomes a timestamp only where every value is one, and a declared `timestamp` does not take a
 * bare date either.
 */
export function narrowestType(data: EvidenceData): ColumnType {
  if (data.values === 0) return { kind: 'text' };
  for (const kind of ['boolean', 'integer', 'date', 'timestamp'] as const)
    if (data.fits.includes(kind)) return { kind };
  return (data.fits.includes('decimal') && decimalOf(data.wholeDigits, data.fractionDigits)) || { kind: 'text' };
}

/**
 * The type to read the file with again, when values did not fit `assumed`: holds what `assumed` holds and what is in
 * evidence. An assumed decimal keeps its digits before and after the point. `assumed` itself where nothing disproves it.
 */
export function wideningOf(assumed: ColumnType, data: EvidenceData): ColumnType {
  if (data.values === 0) return assumed;
  switch (assumed.kind) {
    case 'integer':
      return data.fits.includes('integer') ? assumed : narrowestOf(data, 'decimal');
    case 'decimal': {
      const whole = Math.max(data.wholeDigits, assumed.precision - assumed.scale);
      const fraction = Math.max(data.fractionDigits, assumed.scale);
      if (!data.fits.includes('decimal')) return { kind: 'text' };
      return decimalOf(whole, fraction) ?? { kind: 'text' };
    }
    case 'boolean':
    case 'date':
    case 'timestamp':
      return data.fits.includes(assumed.kind) ? assumed : { kind: 'text' };
    case 'double':
    case 'timestamptz':
      // Never inferred, so values are judged by the strict cast and nothing here is evidence against it.
      return assumed;
    case 'text':
      return assumed;
  }
}

function narrowestOf(data: EvidenceData, kind: 'decimal'): ColumnType {
  return (data.fits.includes(kind) && decimalOf(data.wholeDigits, data.fractionDigits)) || { kind: 'text' };
}

function decimalOf(whole: number, fraction: number): ColumnType | undefined {
  const precision = Math.max(1, whole + fraction);
  return precision > MOST_DIGITS ? undefined : { kind: 'decimal', precision, scale: fraction };
}
