import { expect, test } from 'vitest';
import { CompactReader } from '../../../../activities/ingest/parquet/compact-reader.ts';

/** Skips every field of one struct. */
function skipAll(...bytes: readonly number[]): void {
  const reader = new CompactReader(Uint8Array.from(bytes));
  reader.struct((_, type) => reader.skip(type));
}

const HUGE = [0xff, 0xff, 0xff, 0xff, 0x7f];
const BOOLEANS = 0x12;

test('skips what it does not know: numbers, texts, lists and maps of booleans', () => {
  const list = [0x19, 0x21, 1, 2];
  const map = [0x1b, 2, BOOLEANS, 1, 2, 2, 1];
  const text = [0x18, 2, 0x61, 0x62];
  expect(() => skipAll(0x16, 2, ...text, ...list, ...map, 0)).not.toThrow();
  // A byte less, and the end is taken for an element.
  expect(() => skipAll(...map.slice(0, -1), 0)).toThrow(RangeError);
});

test('a size that lies ends with the bytes: a map or list of billions of booleans is no endless loop', () => {
  expect(() => skipAll(0x1b, ...HUGE, BOOLEANS, 1, 2, 0)).toThrow('ends early');
  expect(() => skipAll(0x19, 0xf1, ...HUGE, 1, 2, 0)).toThrow('ends early');
});

test('lists in lists and structs in structs end at a depth', () => {
  const deep = 100_000;
  expect(() => skipAll(0x19, ...Array.from({ length: deep }, () => 0x19))).toThrow('too deep');
  expect(() => skipAll(...Array.from({ length: deep }, () => 0x1c))).toThrow('too deep');
});
