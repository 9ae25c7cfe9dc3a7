import type { Shown } from './number-format.ts';
import { numberText } from './number-text.ts';
import { serialText } from './serial-date.ts';
import { unescaped } from './escaped-text.ts';

/** A cell as the sheet stores it. */
export interface StoredCell {
  /** `n` number, `s` shared text, `str` and `inlineStr` text, `b` boolean, `e` error, `d` ISO date. */
  readonly type: string;
  readonly style: number;
  /** What stands in `<v>`; absent where there is none. */
  readonly value: string | undefined;
  /** What stands in `<is>`. */
  readonly inline: string | undefined;
  readonly formula: boolean;
}

/** What the cells of a workbook refer to. */
export interface CellContext {
  readonly strings: readonly string[];
  readonly styles: readonly Shown[];
  readonly from1904: boolean;
}

/** A value as text, nothing in the cell, or why it cannot be read. */
export type CellText = { readonly text: string } | { readonly problem: string } | undefined;

/** The value that a cell stores, as text. What it shows, such as rounded digits, does not matter, but whether it is a date. */
export function cellText(cell: StoredCell, context: CellContext): CellText {
  const { type, value } = cell;
  if (type === 'inlineStr') return cell.inline === undefined ? undefined : { text: unescaped(cell.inline) };
  if (value === undefined) return cell.formula ? { problem: 'a formula without a stored result' } : undefined;
  switch (type) {
    case 'n':
      return numberCell(value, cell.style, context);
    case 's': {
      const text = /^[0-9]+$/.test(value) ? context.strings[Number(value)] : undefined;
      return text === undefined ? { problem: 'a text that the workbook does not have' } : { text };
    }
    case 'str':
      return { text: unescaped(value) };
    case 'b':
      if (value === '1' || value === 'true') return { text: 'true' };
      return value === '0' || value === 'false' ? { text: 'false' } : { problem: 'a boolean that is none' };
    case 'e':
      return { problem: errorName(value) };
    case 'd':
      return { text: value };
    default:
      return { problem: 'a cell of a kind that is not known' };
  }
}

function numberCell(stored: string, style: number, { styles, from1904 }: CellContext): CellText {
  const shown = styles[style] ?? 'number';
  if (stored === '') return undefined;
  const text = numberText(stored);
  if (text === undefined) return { problem: 'a number that is none' };
  if (shown === 'number') return { text };
  const date = serialText(Number(stored), shown, from1904);
  return date === undefined ? { problem: 'a date that does not exist' } : { text: date };
}

/** The names of errors are Excel's own words, not people's. */
function errorName(value: string): string {
  return /^#[A-Z0-9_/!?]{1,20}$/.test(value) ? value : 'an error';
}
