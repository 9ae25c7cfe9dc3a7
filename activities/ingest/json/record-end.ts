import { BACKSLASH, CLOSE_LIST, CLOSE_OBJECT, COMMA, OPEN_LIST, OPEN_OBJECT, QUOTE, SPACES } from './bytes.ts';

/**
 * Where a broken record ends that begins at `from`, by its strings and the number of its brackets; -1: not before `end`.
 * That all brackets fit is known by then: the second reader has held each against its own.
 */
export function recordEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from];
  if (first === QUOTE) return stringEnd(bytes, from, end);
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return tokenEnd(bytes, from, end);
  let depth = 0;
  for (let p = from; p < end; p += 1) {
    const byte = bytes[p];
    if (byte === QUOTE) {
      p = stringEnd(bytes, p, end) - 1;
      if (p < 0) return -1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return p + 1;
    }
  }
  return -1;
}

function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let p = from + 1; p < end; p += 1) {
    if (bytes[p] === BACKSLASH) p += 1;
    else if (bytes[p] === QUOTE) return p + 1;
  }
  return -1;
}

function tokenEnd(bytes: Uint8Array, from: number, end: number): number {
  // The first byte is one of its own, whatever it is: so something is read.
  for (let p = from + 1; p < end; p += 1) {
    const byte = bytes[p]!;
    if (SPACES[byte] === 1 || byte === COMMA || byte === QUOTE) return p;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST || byte === CLOSE_OBJECT || byte === CLOSE_LIST) return p;
  }
  return -1;
}
