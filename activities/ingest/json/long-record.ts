import { BACKSLASH, CLOSE_LIST, CLOSE_OBJECT, COLON, LF, OPEN_LIST, OPEN_OBJECT, QUOTE } from './bytes.ts';

const HEAD_BYTES = 64 * 1024;

/** A record of a document that is too long to be held: its beginning, where it ends, and how many fields it has. */
export class LongRecord {
  /** Byte of the file where it begins. */
  readonly offset: number;
  head: Uint8Array = new Uint8Array(0);
  members = 0;
  lines = 0;
  private depth = 0;
  private inString = false;
  private isEscaped = false;

  constructor(offset: number) {
    this.offset = offset;
  }

  /** Takes the bytes up to `end`, and answers where the record ends; -1: not there. */
  take(bytes: Uint8Array, end: number): number {
    if (this.head.length === 0) this.head = bytes.slice(0, Math.min(end, HEAD_BYTES));
    for (let p = 0; p < end; p += 1) {
      const byte = bytes[p]!;
      if (byte === LF) this.lines += 1;
      if (this.isEscaped) this.isEscaped = false;
      else if (this.inString) {
        if (byte === BACKSLASH) this.isEscaped = true;
        else if (byte === QUOTE) this.inString = false;
      } else if (byte === QUOTE) this.inString = true;
      else if (byte === COLON) this.members += 1;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.depth -= 1;
      else continue;
      if (this.depth === 0 && !this.inString && !this.isEscaped) return p + 1;
    }
    return -1;
  }
}
