/** Columns and rows that a sheet can have. */
export const MOST_COLUMNS = 16_384;
export const MOST_ROWS = 1_048_576;

/** `C` for 2, `AA` for 26. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(0x41 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** The 0-based column of `AB12`; nothing where it names no cell of a sheet. */
export function columnOf(reference: string): number | undefined {
  let column = 0;
  let at = 0;
  for (; at < reference.length && at < 4; at++) {
    const letter = reference.charCodeAt(at) - 0x40;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  const digit = reference.charCodeAt(at);
  return column > 0 && column <= MOST_COLUMNS && digit >= 0x31 && digit <= 0x39 ? column - 1 : undefined;
}
