import type { TestValue } from '../../workflows/definition/index.ts';

/** Digits that every double carries unchanged. */
const EXACT_DIGITS = 15;

/**
 * A cell of a test as the text that is cast to its column's type, or why it is none: `text` NULL is NULL.
 *
 * @param type DuckDB's name of it
 */
export function cellText(
  value: TestValue,
  type: string,
): { readonly text: string | null } | { readonly problem: string } {
  if (value === null) return { text: null };
  if (typeof value === 'string') return { text: value };
  const text = String(value);
  const fits = typeof value === 'boolean' ? type === 'BOOLEAN' : isNumeric(type);
  if (!fits)
    return { problem: `${text} is a ${typeof value}, and no ${type}${type === 'VARCHAR' ? `: write '${text}'` : ''}` };
  if (typeof value === 'number' && !isDouble(type) && !isExact(value))
    return {
      problem: `${text} may not be what was typed, as a number holds ${EXACT_DIGITS} digits: write it as text, in quotes`,
    };
  return { text };
}

/** As it stands in the test. */
export function shownValue(value: TestValue): string {
  return JSON.stringify(value);
}

function isNumeric(type: string): boolean {
  return /INT(EGER)?$|^DECIMAL\(/.test(type) || isDouble(type);
}

/** What was typed becomes a double in any case. */
function isDouble(type: string): boolean {
  return type === 'DOUBLE' || type === 'FLOAT';
}

function isExact(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  const text = String(value);
  return /^-?\d+\.\d+$/.test(text) && text.replace(/^-?0?\.?0*/, '').replace('.', '').length <= EXACT_DIGITS;
}
