import { readNear } from '../types/int64.ts';

const EXACT = Number.MAX_SAFE_INTEGER;

/** The least and greatest of a column's values, as words. */
export interface ValueRange {
  readonly least: Int32Array;
  readonly greatest: Int32Array;
}

/** Of days, or of other numbers of one word. `valid`: where there are any; nothing if in every row. */
export function rangeOfWords(words: Int32Array, valid: Uint8Array | undefined, rows: number): ValueRange | undefined {
  let least = 0x7fff_ffff;
  let greatest = -0x8000_0000;
  for (let row = 0; row < rows; row += 1) {
    if (valid !== undefined && valid[row] === 0) continue;
    const value = words[row]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least <= greatest ? { least: Int32Array.of(least), greatest: Int32Array.of(greatest) } : undefined;
}

/** Of 64-bit numbers, low words first. */
export function rangeOfPairs(words: Int32Array, valid: Uint8Array | undefined, rows: number): ValueRange | undefined {
  let least = 0x7fff_ffff;
  let greatest = -0x8000_0000;
  let wide = 0;
  if (valid === undefined) {
    for (let at = 0; at < 2 * rows; at += 2) {
      const value = words[at]!;
      wide |= words[at + 1]! ^ (value >> 31);
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  } else {
    for (let row = 0; row < rows; row += 1) {
      if (valid[row] === 0) continue;
      const value = words[2 * row]!;
      wide |= words[2 * row + 1]! ^ (value >> 31);
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  // Nearly always all of them are numbers of 32 bits.
  if (wide !== 0) return rangeOfWide(words, valid, rows);
  if (least > greatest) return undefined;
  return { least: Int32Array.of(least, least >> 31), greatest: Int32Array.of(greatest, greatest >> 31) };
}

function rangeOfWide(words: Int32Array, valid: Uint8Array | undefined, rows: number): ValueRange {
  // As doubles first, which order all but neighbours beyond 2^53.
  let least = Infinity;
  let greatest = -Infinity;
  let leastRow = 0;
  let greatestRow = 0;
  for (let row = 0; row < rows; row += 1) {
    if (valid !== undefined && valid[row] === 0) continue;
    const value = readNear(words, 2 * row);
    if (value < least || (value === least && Math.abs(value) > EXACT && isLess(words, row, leastRow))) {
      least = value;
      leastRow = row;
    }
    if (value > greatest || (value === greatest && Math.abs(value) > EXACT && isLess(words, greatestRow, row))) {
      greatest = value;
      greatestRow = row;
    }
  }
  return { least: pairAt(words, leastRow), greatest: pairAt(words, greatestRow) };
}

function isLess(words: Int32Array, row: number, other: number): boolean {
  const high = words[2 * row + 1]!;
  const otherHigh = words[2 * other + 1]!;
  return high < otherHigh || (high === otherHigh && words[2 * row]! >>> 0 < words[2 * other]! >>> 0);
}

function pairAt(words: Int32Array, row: number): Int32Array {
  return words.slice(2 * row, 2 * row + 2);
}
