import type { SplitOptions } from '../rows/format-reader.ts';
import type { Splitter, Window } from '../rows/reading.ts';
import { WindowMarks } from './window-marks.ts';

/** What a byte means, as bits: the loop over all bytes adds and masks them, and has next to no branches. */
const QUOTE = 1;
const COLON = 2;
const STOP = 4;
const CONTENT = 8;

const LF = 0x0a;
const MEANING = new Uint8Array(256).fill(CONTENT);
for (const white of ' \t\r') MEANING[white.charCodeAt(0)] = 0;
MEANING[0x22] = CONTENT | QUOTE;
MEANING[0x3a] = CONTENT | COLON;
MEANING[0x5c] = CONTENT | STOP;
MEANING[LF] = STOP;

/**
 * The second reader of JSON Lines. A record is a line with more than white space on it: a line end cannot stand inside a
 * JSON string. Its fields are the colons outside of strings, where a backslash inside a string takes the next byte with
 * it; a string that is open at the line's end ends there.
 */
export class JsonLinesSplitter implements Splitter {
  private readonly marks: WindowMarks;
  private readonly isFromStart: boolean;
  private readonly meanings = MEANING;
  /** 1 inside a string. */
  private inString = 0;
  /** A backslash inside a string was the last byte so far. */
  private isEscaped = false;
  /** What the line holds so far, as bits. */
  private held = 0;

  constructor({ windowBytes, from }: SplitOptions) {
    this.marks = new WindowMarks(windowBytes, 0, from);
    this.isFromStart = from === undefined;
  }

  feed(bytes: Uint8Array, base: number, last: boolean, found: (window: Window) => void): number {
    const { length } = bytes;
    const hasMark = this.isFromStart && base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const { marks } = this;
    let p = hasMark ? 3 : 0;
    if (this.isEscaped && length > 0) {
      this.isEscaped = false;
      if (bytes[0] !== LF) p = 1;
    }
    while (p < length) {
      p = this.scan(bytes, p);
      if (p === length) break;
      if (bytes[p] === LF) {
        if (this.held >= CONTENT) marks.records += 1;
        marks.line += 1;
        this.held = 0;
        this.inString = 0;
        marks.offer(base + p + 1, found);
      } else if (this.inString === 1) {
        if (p + 1 === length) this.isEscaped = true;
        else if (bytes[p + 1] !== LF) p += 1;
      }
      p += 1;
    }
    if (last) {
      if (this.held >= CONTENT) marks.records += 1;
      marks.close(base + length, found);
    }
    return base + length;
  }

  /** Reads on from `p` to the next line end or backslash, or to the end of the bytes, and answers where that is. */
  private scan(bytes: Uint8Array, from: number): number {
    const { meanings } = this;
    const { length } = bytes;
    let { inString, held } = this;
    let colons = 0;
    let p = from;
    for (; p < length; p += 1) {
      const meaning = meanings[bytes[p]!]!;
      inString ^= meaning & QUOTE;
      held |= meaning;
      if ((meaning & STOP) !== 0) break;
      colons = (colons + ((meaning >> 1) & ~inString & 1)) | 0;
    }
    this.inString = inString;
    this.held = held;
    this.marks.fields += colons;
    return p;
  }
}
