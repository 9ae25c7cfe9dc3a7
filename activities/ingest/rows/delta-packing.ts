import type { ByteWriter } from './byte-writer.ts';
import { readNear } from '../types/int64.ts';
import { packBits } from './run-lengths.ts';

/**
 * Parquet's DELTA_BINARY_PACKED for 64-bit numbers that are less than 2^31 apart: only the steps from one to the next
 * are kept, with as many bits as they need. Line numbers and offsets shrink to nearly nothing.
 */
const BLOCK = 128;
const MINIBLOCK = 32;

const steps = new Int32Array(BLOCK);

/** How far apart the values may be, and how great. */
export const MOST_DELTA_SPAN = 0x7fff_ffff;
export const MOST_DELTA_VALUE = 2 ** 52;

/** The values from `from` to `to`, of two words each. */
export function writeDeltas(out: ByteWriter, words: Int32Array, from: number, to: number): void {
  out.varint(BLOCK);
  out.varint(BLOCK / MINIBLOCK);
  out.varint(to - from);
  out.varint(from < to ? zigzag(readNear(words, 2 * from)) : 0);
  for (let i = from + 1; i < to; i += BLOCK) writeBlock(out, words, i, Math.min(i + BLOCK, to));
}

function writeBlock(out: ByteWriter, words: Int32Array, from: number, to: number): void {
  const count = to - from;
  let least = 0x7fff_ffff;
  for (let i = 0, at = 2 * from; i < count; i += 1, at += 2) {
    const step = (words[at]! - words[at - 2]!) | 0;
    steps[i] = step;
    if (step < least) least = step;
  }
  out.varint(zigzag(least));
  out.room(BLOCK / MINIBLOCK);
  const widths = out.at;
  out.at += BLOCK / MINIBLOCK;
  for (let mini = 0; mini < BLOCK / MINIBLOCK; mini += 1) {
    const first = mini * MINIBLOCK;
    const last = Math.min(first + MINIBLOCK, count);
    let all = 0;
    for (let i = first; i < last; i += 1) {
      const above = (steps[i]! - least) | 0;
      steps[i] = above;
      all |= above;
    }
    const width = 32 - Math.clz32(all);
    out.bytes[widths + mini] = width;
    if (width > 0) packBits(out, steps, first, last, width, (MINIBLOCK / 8) * width);
  }
}

/** Bytes that `count` values of two words would take, from a look at some of them. */
export function estimateDeltas(words: Int32Array, count: number): number {
  const looks = 16;
  let bits = 0;
  for (let look = 0; look < looks; look += 1) {
    const from = Math.floor((look * Math.max(0, count - MINIBLOCK)) / looks) + 1;
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = from; i < Math.min(from + MINIBLOCK, count); i += 1) {
      const step = (words[2 * i]! - words[2 * i - 2]!) | 0;
      least = Math.min(least, step);
      greatest = Math.max(greatest, step);
    }
    if (greatest > least) bits += 32 - Math.clz32(greatest - least);
  }
  return (count * (bits / looks + 0.5)) / 8;
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}
