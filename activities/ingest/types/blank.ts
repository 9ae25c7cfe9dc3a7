const SPACE = 0x20;

/** Three-byte spaces of Unicode (category Zs) begin with one of these: U+1680, U+2000-200A, U+202F, U+205F, U+3000. */
const OGHAM = 0xe1;
const GENERAL = 0xe2;
const IDEOGRAPHIC = 0xe3;

/**
 * Whether a UTF-8 span holds nothing but spaces, or nothing. Spaces are those that SQL's `trim` takes away, so that this
 * and the strict casts call the same texts blank: category Zs, not tabs or line ends.
 */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    if (bytes[i] === SPACE) continue;
    const width = wideSpace(bytes, i, to);
    if (width === 0) return false;
    i += width - 1;
  }
  return true;
}

/** Bytes of the space beyond ASCII that stands at `i`; 0 if none does. */
function wideSpace(bytes: Uint8Array, i: number, to: number): number {
  const first = bytes[i]!;
  if (first < 0xc2) return 0;
  if (first === 0xc2) return i + 1 < to && bytes[i + 1] === 0xa0 ? 2 : 0;
  if (i + 2 >= to) return 0;
  const second = bytes[i + 1]!;
  const third = bytes[i + 2]!;
  if (first === OGHAM) return second === 0x9a && third === 0x80 ? 3 : 0;
  if (first === IDEOGRAPHIC) return second === 0x80 && third === 0x80 ? 3 : 0;
  if (first !== GENERAL) return 0;
  if (second === 0x80) return (third >= 0x80 && third <= 0x8a) || third === 0xaf ? 3 : 0;
  return second === 0x81 && third === 0x9f ? 3 : 0;
}
