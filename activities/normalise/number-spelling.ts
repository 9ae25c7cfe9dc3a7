/** How 1234.56 is written, as `formats` of a column takes it. `''`: in plain digits with a point. */
const SPELLINGS = [
  { example: '', pattern: /^-?\d+(?:\.\d+)?$/, mark: '.' },
  { example: '1.234,56', pattern: /^-?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?$/, mark: ',' },
  { example: '1 234,56', pattern: /^-?(?:[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,\d+)?$/, mark: ',' },
  { example: '1,234.56', pattern: /^-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?$/, mark: '.' },
] as const;

/** `12,5 EUR`, `USD 10.00`: a number and a currency of ISO 4217 beside it. */
const MONEY = /^(?:[A-Z]{3} ?)?(-?\d(?:[\d., ]*\d)?)(?: ?[A-Z]{3})?$/;
/** The same for a mapping: what is taken is the number, or the currency. */
export const AMOUNT_OF_MONEY = '(?:[A-Z]{3} ?)?(-?[0-9](?:[0-9., ]*[0-9])?)(?: ?[A-Z]{3})?';
export const CURRENCY_OF_MONEY = '[0-9., -]*([A-Z]{3})[0-9., -]*';

/** The number of a text that also names a currency. */
export function amountOfMoney(text: string): string | undefined {
  return /[A-Z]{3}/.test(text) ? MONEY.exec(text)?.[1] : undefined;
}

/**
 * The one spelling in which all texts are numbers. `ambiguous`: two read them as different numbers, as `1,234` and `2.500`.
 */
export function numberSpelling(texts: readonly string[]): { readonly example: string } | 'ambiguous' | undefined {
  const fitting = SPELLINGS.filter(({ pattern }) => texts.every((text) => pattern.test(text)));
  const [first] = fitting;
  if (!first) return undefined;
  const isWhole = texts.every((text) => /^-?\d+$/.test(text));
  if (isWhole || fitting.every(({ mark }) => mark === first.mark)) return { example: first.example };
  return 'ambiguous';
}
