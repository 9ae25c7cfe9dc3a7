export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** Bytes that end a run of plain characters in a JSON string: the quote, the backslash, and those below the space. */
export const STOPS = new Uint8Array(256)
  .fill(1, 0, SPACE)
  .fill(1, QUOTE, QUOTE + 1)
  .fill(1, BACKSLASH, BACKSLASH + 1);

/** By byte, 1 for what may stand between the tokens of a document, and of a record that is one line. */
export const SPACES = new Uint8Array(256);
SPACES[SPACE] = SPACES[TAB] = SPACES[CR] = SPACES[LF] = 1;
export const LINE_SPACES = SPACES.slice();
LINE_SPACES[LF] = 0;

/** The first byte from `p` on that is none of `spaces`, or `end`. */
export function skipSpace(bytes: Uint8Array, p: number, end: number, spaces: Uint8Array): number {
  while (p < end && spaces[bytes[p]!] === 1) p += 1;
  return p;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
