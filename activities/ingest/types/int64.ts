/**
 * 64-bit integers as two 32-bit words, the low one first, as they stand in a file: a BigInt a cell would cost an
 * allocation each.
 */

const WORD = 0x1_0000_0000;
const BILLION = 1_000_000_000;

/** A whole number that a double holds exactly (up to 2^53). */
export function writeSafe(value: number, words: Int32Array, at: number): void {
  words[at] = value;
  words[at + 1] = Math.floor(value / WORD);
}

/**
 * ±(`high` × 10^9 + `low`), with `high` below 10^10 and `low` below 10^9. False when it is beyond 64 bits: nothing of
 * use was written then.
 */
export function writeBillions(high: number, low: number, negative: boolean, words: Int32Array, at: number): boolean {
  // high × 10^9 in two parts of 16 and 18 bits, so that every step stays exact.
  const upper = Math.floor(high / 0x1_0000);
  const top = upper * BILLION;
  const carry = Math.floor(top / 0x1_0000);
  const rest = (top - carry * 0x1_0000) * 0x1_0000 + (high - upper * 0x1_0000) * BILLION + low;
  const overflow = Math.floor(rest / WORD);
  const highWord = carry + overflow;
  const lowWord = rest - overflow * WORD;
  if (highWord >= 0x8000_0000 && !(negative && highWord === 0x8000_0000 && lowWord === 0)) return false;
  if (negative) {
    words[at] = -lowWord;
    words[at + 1] = lowWord === 0 ? -highWord : -highWord - 1;
  } else {
    words[at] = lowWord;
    words[at + 1] = highWord;
  }
  return true;
}

/** `high` × 2^32 + `low` as a double: exact up to 2^53, near beyond. */
export function readNear(words: Int32Array, at: number): number {
  return words[at + 1]! * WORD + (words[at]! >>> 0);
}
