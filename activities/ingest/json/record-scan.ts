/** What a byte means in a record, by state. */
const PLAIN = 0;
const QUOTE = 1;
const OPEN = 2;
const CLOSE = 3;
const COLON = 4;
const COMMA = 5;
const WHITE = 6;
const LINE_END = 7;
const BACKSLASH = 0x5c;
const QUOTE_BYTE = 0x22;
const LF = 0x0a;

const MEANING = new Uint8Array(256);
for (const [letters, meaning] of [
  ['"', QUOTE],
  ['{[', OPEN],
  ['}]', CLOSE],
  [':', COLON],
  [',', COMMA],
  [' \t\r', WHITE],
  ['\n', LINE_END],
] as const) {
  for (const letter of letters) MEANING[letter.charCodeAt(0)] = meaning;
}

/** Brackets inside one another whose kinds are compared. Deeper ones are only counted: such records are broken anyway. */
const COMPARED = 4096;

export type Scanned = 'inside' | 'done' | 'mismatch';

/**
 * Finds where a record of a JSON document ends, and counts its fields (the colons outside of strings): a machine of
 * strings and brackets that knows nothing else of JSON. A record that is no object, list or string ends before the next
 * white space, comma, quote or bracket.
 */
export class RecordScan {
  fields = 0;
  /** Line ends, and the byte of the file behind the last of them. */
  lines = 0;
  lineStart = 0;
  /** Where in the bytes reading stopped: behind the record, or at their end. */
  at = 0;
  private depth = 0;
  private inString = false;
  private isEscaped = false;
  private isToken = false;
  private readonly opened = new Uint8Array(COMPARED);

  /** A record begins with this byte, which is fed next. */
  begin(byte: number): void {
    const meaning = MEANING[byte];
    this.fields = 0;
    this.lines = 0;
    this.depth = 0;
    this.inString = false;
    this.isEscaped = false;
    this.isToken = meaning !== QUOTE && meaning !== OPEN;
  }

  feed(bytes: Uint8Array, from: number, base: number): Scanned {
    const { length } = bytes;
    let p = from;
    while (p < length) {
      if (this.isEscaped) {
        this.isEscaped = false;
        if (bytes[p] === LF) this.newLine(base + p + 1);
        p += 1;
      } else if (this.inString) {
        p = this.string(bytes, p, base);
        if (this.isOver()) return this.stop(p, 'done');
      } else {
        let meaning = PLAIN;
        for (; p < length; p += 1) {
          meaning = MEANING[bytes[p]!]!;
          if (meaning === COLON) this.fields += 1;
          else if (meaning !== PLAIN && (this.isToken || (meaning !== WHITE && meaning !== COMMA))) break;
        }
        if (p === length) break;
        if (this.isToken) return this.stop(p, 'done');
        if (meaning === LINE_END) this.newLine(base + p + 1);
        else if (meaning === QUOTE) this.inString = true;
        else if (meaning === OPEN) this.open(bytes[p]!);
        else if (!this.close(bytes[p]!)) return this.stop(p, 'mismatch');
        p += 1;
        if (this.isOver()) return this.stop(p, 'done');
      }
    }
    return this.stop(length, 'inside');
  }

  /** The file ends: whether the record may end there. */
  get canEnd(): boolean {
    return this.isToken;
  }

  private isOver(): boolean {
    return this.depth === 0 && !this.inString && !this.isEscaped;
  }

  private string(bytes: Uint8Array, from: number, base: number): number {
    let p = from;
    for (; p < bytes.length; p += 1) {
      const byte = bytes[p]!;
      if (byte === QUOTE_BYTE) {
        this.inString = false;
        return p + 1;
      }
      if (byte === BACKSLASH) {
        this.isEscaped = true;
        return p + 1;
      }
      if (byte === LF) this.newLine(base + p + 1);
    }
    return p;
  }

  private open(byte: number): void {
    if (this.depth < COMPARED) this.opened[this.depth] = byte;
    this.depth += 1;
  }

  private close(byte: number): boolean {
    this.depth -= 1;
    return this.depth >= COMPARED || this.opened[this.depth] === byte - 2;
  }

  private newLine(at: number): void {
    this.lines += 1;
    this.lineStart = at;
  }

  private stop(p: number, state: Scanned): Scanned {
    this.at = p;
    return state;
  }
}
