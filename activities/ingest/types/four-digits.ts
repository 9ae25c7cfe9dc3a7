/** Four ASCII digits at once, read as one word with the first of them lowest. */

const HIGH_HALVES = 0xf0f0_f0f0 | 0;
const ZEROS = 0x3030_3030;
const SIXES = 0x0606_0606;

export function areDigits(word: number): boolean {
  return (word & HIGH_HALVES) === ZEROS && ((word + SIXES) & HIGH_HALVES) === ZEROS;
}

/** The number that they are, once `areDigits` has said that they are digits. */
export function fourDigits(word: number): number {
  return (word & 15) * 1000 + ((word >> 8) & 15) * 100 + ((word >> 16) & 15) * 10 + ((word >> 24) & 15);
}
