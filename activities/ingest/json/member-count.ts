import { BACKSLASH, COLON, QUOTE } from './bytes.ts';

/**
 * The fields of a record that is no JSON, by the rule that the second reader counts all records by: colons outside of
 * strings, where a string begins and ends with a quote, and inside it a backslash takes the next byte with it.
 */
export function countMembers(bytes: Uint8Array, from: number, to: number): number {
  return new MemberCount().feed(bytes, from, to).members;
}

/** The same for a record that comes in pieces. */
export class MemberCount {
  members = 0;
  private inString = false;
  private isEscaped = false;

  feed(bytes: Uint8Array, from: number, to: number): this {
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i];
      if (this.isEscaped) this.isEscaped = false;
      else if (byte === QUOTE) this.inString = !this.inString;
      else if (!this.inString) this.members += byte === COLON ? 1 : 0;
      else this.isEscaped = byte === BACKSLASH;
    }
    return this;
  }
}
