import type { QuoteDefect } from './quote-defect.ts';

/** `1 field`, `3 fields`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const DEFECTS: Readonly<Record<QuoteDefect, string>> = {
  'quote is never closed': 'a quote that is never closed',
  'quote inside an unquoted field': 'a quote inside an unquoted field',
  'text after a closing quote': 'text after a closing quote',
};

/** What stands on a line, for a sentence: `line 2 has …`. */
export function onLine({
  fields,
  defect,
}: {
  readonly fields: number;
  readonly defect: QuoteDefect | undefined;
}): string {
  return defect === undefined ? counted(fields, 'field') : DEFECTS[defect];
}
