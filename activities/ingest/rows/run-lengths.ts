import type { ByteWriter } from './byte-writer.ts';

/**
 * Parquet's hybrid of run lengths and packed bits: small numbers either as a run of one number, or eight at a time with
 * as many bits each as the greatest needs.
 */

/** A shorter run is not worth the header it would take. */
const GROUP = 8;

/** Bits that every number up to `greatest` fits in; at least one. */
export function bitsFor(greatest: number): number {
  return Math.max(1, 32 - Math.clz32(greatest));
}

/** `values` from `from` to `to`, each of at most `bits` bits. */
export function writeHybrid(out: ByteWriter, values: Int32Array, from: number, to: number, bits: number): void {
  let i = from;
  while (i < to) {
    const run = runLength(values, i, to);
    if (run >= GROUP || i + run === to) {
      out.varint(run * 2);
      for (let written = 0; written < bits; written += 8) out.byte(values[i]! >>> written);
      i += run;
      continue;
    }
    const start = i;
    do i += GROUP;
    while (i < to && !beginsRun(values, i, to));
    const groups = (i - start) / GROUP;
    i = Math.min(i, to);
    out.varint(groups * 2 + 1);
    packBits(out, values, start, i, bits, groups * bits);
  }
}

/** `values` from `from` to `to` with `bits` bits each, 1 to 32, low bits first; then zeros up to `bytes`. */
export function packBits(
  out: ByteWriter,
  values: Int32Array,
  from: number,
  to: number,
  bits: number,
  bytes: number,
): void {
  out.room(bytes + 4);
  const { view } = out;
  const end = out.at + bytes;
  let at = out.at;
  let held = 0;
  let count = 0;
  for (let i = from; i < to; i += 1) {
    const value = values[i]!;
    held |= value << count;
    count += bits;
    if (count < 32) continue;
    view.setInt32(at, held, true);
    at += 4;
    count -= 32;
    held = count === 0 ? 0 : value >>> (bits - count);
  }
  for (; count > 0; count -= 8, held >>>= 8) view.setUint8(at++, held);
  while (at < end) view.setUint8(at++, 0);
  out.at = end;
}

function runLength(values: Int32Array, from: number, to: number): number {
  const value = values[from]!;
  let i = from + 1;
  while (i < to && values[i] === value) i += 1;
  return i - from;
}

function beginsRun(values: Int32Array, from: number, to: number): boolean {
  if (from + GROUP > to || values[from] !== values[from + 1]) return false;
  return runLength(values, from, from + GROUP) === GROUP;
}

/** Definition levels of the rows from `from` to `to`, with their length before them: 1 where there is a value. */
export function writeLevels(out: ByteWriter, valid: Uint8Array, from: number, to: number): void {
  const start = out.at;
  out.room(4);
  out.at += 4;
  let i = from;
  while (i < to) {
    const run = sameLevels(valid, i, to);
    if (run >= GROUP || i + run === to) {
      out.varint(run * 2);
      out.byte(valid[i]!);
      i += run;
      continue;
    }
    const first = i;
    do i += GROUP;
    while (i + GROUP <= to && sameLevels(valid, i, i + GROUP) < GROUP);
    const groups = (i - first) / GROUP;
    i = Math.min(i, to);
    out.varint(groups * 2 + 1);
    out.room(groups);
    for (let group = first; group < i; group += GROUP) out.bytes[out.at++] = eightLevels(valid, group, i);
  }
  out.view.setInt32(start, out.at - start - 4, true);
}

function eightLevels(valid: Uint8Array, from: number, to: number): number {
  let byte = 0;
  for (let i = from; i < Math.min(from + GROUP, to); i += 1) byte |= valid[i]! << (i - from);
  return byte;
}

function sameLevels(valid: Uint8Array, from: number, to: number): number {
  const level = valid[from]!;
  let i = from + 1;
  while (i < to && valid[i] === level) i += 1;
  return i - from;
}
