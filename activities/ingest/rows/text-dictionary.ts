import { copyBytes, larger } from './copy-bytes.ts';

/** Entries a dictionary may have: more would neither be small nor stay in the processor's cache. */
export const MOST_ENTRIES = 0x1_0000;
/** Longer texts are hardly repeated, and would cost more to look up than to write. */
export const LONGEST_ENTRY = 255;
const FIRST_SLOTS = 128;

/**
 * The distinct texts of a column, numbered as they come: a hash table with open addressing over their bytes, which
 * stand one after another as Parquet's PLAIN encoding wants them (four bytes of length, then the text).
 */
export class TextDictionary {
  entries = 0;
  /** Bytes in use of `plain`. */
  size = 0;
  plain = new Uint8Array(512);
  private texts = new DataView(this.plain.buffer);
  /** Where each entry begins in `plain`. */
  starts = new Int32Array(FIRST_SLOTS / 2);
  private hashes = new Int32Array(FIRST_SLOTS / 2);
  /** Entry + 1; 0 is free. */
  private slots = new Int32Array(FIRST_SLOTS);
  private mask = FIRST_SLOTS - 1;

  /** The number of this text, which is added where it is new; -1: the dictionary is full, or the text too long. */
  indexOf(view: DataView, from: number, to: number): number {
    const length = to - from;
    if (length > LONGEST_ENTRY) return -1;
    const hash = hashOf(view, from, to);
    const { slots, hashes, starts, texts, mask } = this;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[slot]! - 1;
      if (entry < 0) return this.add(view, from, length, hash);
      if (hashes[entry] === hash) {
        const start = starts[entry]!;
        if (texts.getInt32(start, true) === length && same(view, from, length, texts, start + 4)) return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  clear(): void {
    if (this.entries > 0) this.slots.fill(0);
    this.entries = 0;
    this.size = 0;
  }

  private add(view: DataView, from: number, length: number, hash: number): number {
    const entry = this.entries;
    if (entry === MOST_ENTRIES) return -1;
    if (entry === this.starts.length) this.grow();
    const at = this.size;
    if (at + length + 4 > this.plain.length) {
      this.plain = larger(this.plain, at + length + 4);
      this.texts = new DataView(this.plain.buffer);
    }
    this.starts[entry] = at;
    this.hashes[entry] = hash;
    this.texts.setInt32(at, length, true);
    copyBytes(view, from, length, this.texts, at + 4);
    this.size = at + 4 + length;
    this.entries = entry + 1;
    let slot = hash & this.mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
    this.slots[slot] = entry + 1;
    return entry;
  }

  /** Twice the room. Half of the slots stay free, so that searches stay short. */
  private grow(): void {
    const capacity = this.starts.length * 2;
    this.starts = copied(this.starts, capacity);
    this.hashes = copied(this.hashes, capacity);
    this.slots = new Int32Array(capacity * 2);
    this.mask = this.slots.length - 1;
    const { slots, hashes, mask } = this;
    for (let entry = 0; entry < this.entries; entry += 1) {
      let slot = hashes[entry]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
  }
}

function copied(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(numbers);
  return grown;
}

/** Four bytes at a step, the last four once more if need be. Only the spread matters: what is equal is decided by the bytes. */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from;
  if (hash < 4) for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ view.getUint8(i), 0x85ebca6b);
  else {
    for (let i = from; i + 4 < to; i += 4) {
      hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ view.getInt32(to - 4, true), 0x9e3779b1);
  }
  return hash ^ (hash >>> 15);
}

/** Whether the `length` bytes at `from` are those at `start` of the other. */
function same(view: DataView, from: number, length: number, other: DataView, start: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i += 1) if (view.getUint8(from + i) !== other.getUint8(start + i)) return false;
    return true;
  }
  for (let i = 0; i + 4 < length; i += 4) {
    if (view.getInt32(from + i, true) !== other.getInt32(start + i, true)) return false;
  }
  return view.getInt32(from + length - 4, true) === other.getInt32(start + length - 4, true);
}
