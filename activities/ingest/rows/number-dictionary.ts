/** How far apart the values may be, so that a table with a place for each of them finds them at once. */
export const MOST_SPAN = 0xffff;

/** The distinct numbers of a column whose values lie close together, numbered as they come. */
export class NumberDictionary {
  entries = 0;
  /** For each value, in order, the number of its entry. */
  codes = new Int32Array(0);
  /** For each entry how far it is from the least value. */
  readonly steps = new Int32Array(MOST_SPAN + 1);
  /** By distance from the least value: entry + 1. */
  private readonly known = new Int32Array(MOST_SPAN + 1);

  /** The low words of `count` values, each `width` words after the last. `least`: the low word of the least of them. */
  build(words: Int32Array, count: number, width: number, least: number): void {
    if (this.codes.length < count) this.codes = new Int32Array(count + (count >> 1));
    const { codes, steps, known } = this;
    known.fill(0);
    let entries = 0;
    for (let i = 0, at = 0; i < count; i += 1, at += width) {
      const step = (words[at]! - least) & MOST_SPAN;
      let code = known[step]!;
      if (code === 0) {
        steps[entries] = step;
        code = entries += 1;
        known[step] = code;
      }
      codes[i] = code - 1;
    }
    this.entries = entries;
  }
}
