/**
 * Numbers that look random and are the same on every machine: mulberry32, integers only.
 * @param {number} seed
 */
export function seededRandom(seed) {
  let state = seed >>> 0;

  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };

  /** A whole number from `low` to `high`, both included. @param {number} low @param {number} high */
  const between = (low, high) => low + (next() % (high - low + 1));

  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => list[between(0, list.length - 1)];

  /** A shuffled copy. @template T @param {readonly T[]} list */
  const shuffled = (list) => {
    const copy = [...list];
    for (let last = copy.length - 1; last > 0; last--) {
      const other = between(0, last);
      [copy[last], copy[other]] = [copy[other], copy[last]];
    }
    return copy;
  };

  /** Exactly `count` different members. @template T @param {readonly T[]} list @param {number} count */
  const some = (list, count) => shuffled(list).slice(0, count);

  return { between, pick, shuffled, some };
}

/** @typedef {ReturnType<typeof seededRandom>} Random */
