import type { Reading, TargetColumnPlan, ValueKind } from '../../workflows/definition/index.ts';
import { dateSpelling, epochUnit } from './date-spelling.ts';
import { AMOUNT_OF_MONEY, amountOfMoney, CURRENCY_OF_MONEY, numberSpelling } from './number-spelling.ts';
import { statusOf } from './status-words.ts';

/** How the values at a path become those of a column. */
export interface ColumnFit {
  readonly reading: Reading;
  /** Why, in a few words: `decimal comma, as 1.234,56`. */
  readonly because: string;
  /** Whether the values alone say so: nothing else is written like that. */
  readonly telling: boolean;
}

/** Most spellings that a lookup is proposed for: of more somebody else has to say what they are. */
const MOST_SPELLINGS = 50;

/** Whether values can be those of a column, and how they are read. A reason in words: they could be in two ways. */
export function columnFit(
  column: TargetColumnPlan,
  kind: ValueKind,
  texts: readonly string[],
): ColumnFit | string | undefined {
  if (texts.length === 0 || !['text', 'number', 'boolean'].includes(kind)) return undefined;
  if (column.oneOf) return oneOfFit(column.oneOf, texts);
  if (column.like !== undefined) return likeFit(column.like, texts);
  switch (column.type.kind) {
    case 'decimal':
    case 'double':
      return numberFit(kind, texts);
    case 'integer':
      return texts.every((text) => /^-?\d+$/.test(text)) ? plain('integers') : undefined;
    case 'timestamptz':
      return instantFit(texts);
    case 'timestamp':
    case 'date':
      return dayFit(texts);
    case 'boolean':
      return kind === 'boolean' ? { ...plain('true or false'), telling: true } : undefined;
    case 'text':
      return kind === 'boolean' ? undefined : plain('text');
  }
}

function plain(because: string): ColumnFit {
  return { reading: {}, because, telling: false };
}

function numberFit(kind: ValueKind, texts: readonly string[]): ColumnFit | string | undefined {
  if (kind === 'number') return { ...plain('numbers'), telling: texts.some((text) => text.includes('.')) };
  if (kind !== 'text') return undefined;
  const amounts = texts.map(amountOfMoney);
  const isMoney = amounts.every((amount) => amount !== undefined);
  const spelling = numberSpelling(isMoney ? amounts : texts);
  if (spelling === 'ambiguous')
    return 'its numbers mean one thing with a decimal point and another with a decimal comma';
  if (spelling === undefined) return undefined;
  const { example } = spelling;
  return {
    reading: {
      ...(isMoney ? { capture: AMOUNT_OF_MONEY } : {}),
      ...(example === '' ? {} : { formats: [example] }),
    },
    because: `${isMoney ? 'money' : 'numbers'}${example === '' ? '' : ` written like ${example}`}`,
    telling: isMoney || texts.some((text) => /[.,]\d/.test(text)),
  };
}

function instantFit(texts: readonly string[]): ColumnFit | string | undefined {
  const unit = epochUnit(texts);
  if (unit) return { reading: { epoch: unit }, because: `${unit} since 1970`, telling: false };
  return dayFit(texts);
}

function dayFit(texts: readonly string[]): ColumnFit | string | undefined {
  const spelling = dateSpelling(texts);
  if (spelling === 'ambiguous') return 'its dates can be read with the day or with the month first';
  if (spelling === undefined) return undefined;
  const { format } = spelling;
  return format === ''
    ? { reading: {}, because: 'instants in ISO 8601', telling: true }
    : { reading: { formats: [format] }, because: `dates written like ${format}`, telling: true };
}

function likeFit(like: string, texts: readonly string[]): ColumnFit | undefined {
  const pattern = new RegExp(`^(?:${like})$`, 'u');
  return texts.every((text) => pattern.test(text)) ? plain(`all are like ${like}`) : undefined;
}

function oneOfFit(oneOf: readonly string[], texts: readonly string[]): ColumnFit | undefined {
  const distinct = [...new Set(texts)].sort();
  if (distinct.every((text) => oneOf.includes(text))) return { ...plain('its values'), telling: true };
  const currencies = texts.map((text) => (amountOfMoney(text) === undefined ? undefined : /[A-Z]{3}/.exec(text)?.[0]));
  if (currencies.every((currency) => currency !== undefined && oneOf.includes(currency)))
    return { reading: { capture: CURRENCY_OF_MONEY }, because: 'the currency beside a number', telling: true };
  const known = distinct.flatMap((text) => {
    const value = oneOf.find((one) => one.toLowerCase() === text.toLowerCase()) ?? statusOf(text);
    return value !== undefined && oneOf.includes(value) ? [[text, value] as const] : [];
  });
  if (known.length === 0 || known.length < distinct.length / 2 || known.length > MOST_SPELLINGS) return undefined;
  return {
    reading: {
      lookup: Object.fromEntries(known),
      // Rows keep the word itself in a column of its own, where there is one.
      ...(oneOf.includes('unknown') ? { otherwise: 'unknown' } : {}),
    },
    because: `${known.length} of ${distinct.length} words are known`,
    telling: known.length === distinct.length,
  };
}
