/** What 0x80 to 0x9f mean in Windows-1252; -1: undefined. All else is the same in ISO-8859-1 and Unicode. */
const WINDOWS_1252 = [
  0x20ac, -1, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, -1, 0x017d, -1,
  -1, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, -1, 0x017e,
  0x0178,
];

/** For each byte its character in UTF-8, as up to three bytes in a number (the first lowest), and its length; 0: undefined. */
export interface SingleByteTable {
  readonly bytes: Uint32Array;
  readonly lengths: Uint8Array;
}

/**
 * Tables of our own: the platform's `TextDecoder` takes ISO-8859-1 for Windows-1252, and reads undefined bytes as
 * control characters.
 */
export function singleByteTable(encoding: 'windows-1252' | 'iso-8859-1'): SingleByteTable {
  const table = { bytes: new Uint32Array(256), lengths: new Uint8Array(256) };
  for (let byte = 0; byte < 256; byte += 1) {
    const special = encoding === 'windows-1252' && byte >= 0x80 && byte < 0xa0;
    const character = special ? WINDOWS_1252[byte - 0x80]! : byte;
    if (character < 0) continue;
    const utf8 = Buffer.from(String.fromCodePoint(character));
    table.lengths[byte] = utf8.length;
    utf8.forEach((part, index) => (table.bytes[byte]! |= part << (8 * index)));
  }
  return table;
}

/** Writes `from` as UTF-8 into `to` (three times its size at most) and returns the bytes written, or where an undefined byte stands, as `-1 - place`. */
export function singleByteToUtf8(table: SingleByteTable, from: Uint8Array, to: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < from.length; i += 1) {
    const byte = from[i]!;
    if (byte < 0x80) {
      to[at++] = byte;
      continue;
    }
    const length = table.lengths[byte]!;
    if (length === 0) return -1 - i;
    const packed = table.bytes[byte]!;
    to[at++] = packed & 0xff;
    to[at++] = (packed >> 8) & 0xff;
    if (length === 3) to[at++] = (packed >> 16) & 0xff;
  }
  return at;
}
