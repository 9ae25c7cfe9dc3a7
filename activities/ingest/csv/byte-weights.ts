/** Bytes that are weighed at once. */
export const STEP = 8;
/** The weight of a byte that may change the state of the second reader; a delimiter weighs 1, any other byte nothing. */
export const TURN = 256;

/** The weights of `STEP` bytes together, two at a time. */
export function weigh(view: DataView, i: number, weights: Uint16Array): number {
  const first = view.getInt32(i, true);
  const second = view.getInt32(i + 4, true);
  return weights[first & 0xffff]! + weights[first >>> 16]! + weights[second & 0xffff]! + weights[second >>> 16]!;
}

/** By two bytes, the first of them low: what they weigh together. */
export function weightsOfPairs(delimiter: number, turns: readonly number[]): Uint16Array {
  const pairs = new Uint16Array(0x1_0000);
  for (let other = 0; other < 256; other += 1) {
    for (const [byte, weight] of [[delimiter, 1], ...turns.map((turn) => [turn, TURN] as const)] as const) {
      if (byte < 0) continue;
      pairs[byte | (other << 8)]! += weight;
      pairs[other | (byte << 8)]! += weight;
    }
  }
  return pairs;
}
