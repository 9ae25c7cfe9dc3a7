import { isUtf8 } from 'node:buffer';
import type { Parsing } from '../rows/format-reader.ts';
import { CR, LF, LINE_SPACES, skipSpace } from './bytes.ts';
import { JSON_LIMITS, type JsonLimits } from './json-limits.ts';
import { JsonWindowParser } from './json-window-parser.ts';
import { LongLine } from './long-line.ts';
import { countMembers } from './member-count.ts';

/**
 * The first reader of JSON Lines: each line that holds more than white space is a record. A line that is none costs
 * itself and nothing else.
 */
export class JsonLinesParser extends JsonWindowParser {
  private isText = true;
  private long: LongLine | undefined;
  private tail = new Uint8Array(0);

  constructor(parsing: Parsing, limits: JsonLimits = JSON_LIMITS) {
    super(parsing, limits, LINE_SPACES);
  }

  protected begin(): void {
    this.long = undefined;
  }

  protected piece(piece: Uint8Array, base: number, last: boolean): number {
    let p = base === 0 && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? 3 : 0;
    const end = piece.lastIndexOf(LF) + 1;
    this.isText = isUtf8(piece.subarray(p, end));
    while (p < end) p = this.line(piece, base, p, end);
    if (end === piece.length) return end;
    if (last) {
      // What a reader looks for stands behind every line: so too behind this one.
      const length = piece.length - p;
      if (this.tail.length <= length) this.tail = new Uint8Array(2 * length + 1);
      this.tail.set(piece.subarray(p));
      this.tail[length] = LF;
      this.isText = isUtf8(this.tail.subarray(0, length));
      this.line(this.tail, base + p, 0, length + 1);
      return piece.length;
    }
    if (piece.length - p <= this.limits.recordBytes) return p;
    this.long ??= new LongLine(base + p);
    this.long.take(piece.subarray(p));
    return piece.length;
  }

  /** Reads the line that begins at `start`, and answers where the next one does. A line end stands before `end`. */
  private line(bytes: Uint8Array, base: number, start: number, end: number): number {
    const { place, parser } = this;
    if (this.long) return this.endLong(this.long, bytes, base, start);
    const first = skipSpace(bytes, start, end, LINE_SPACES);
    if (bytes[first] === LF) {
      place.line += 1;
      return first + 1;
    }
    this.beginRecord(base + start);
    let p = parser.parse(bytes, first, end);
    if (p >= 0) {
      if (bytes[p] !== LF) p = skipSpace(bytes, p, end, LINE_SPACES);
      if (bytes[p] !== LF) p = parser.problem.found('more than one value', p);
    }
    if (p < 0 || !this.isText || p - start > this.limits.recordBytes) return this.check(bytes, base, start, p);
    place.length = (bytes[p - 1] === CR ? p - 1 : p) - start;
    this.fields += parser.members;
    this.put(bytes);
    place.line += 1;
    return p + 1;
  }

  /** A line that may be broken. `p`: where its line end stands, or -1 if its JSON is broken. */
  private check(bytes: Uint8Array, base: number, start: number, p: number): number {
    const { place, parser, limits } = this;
    const end = p < 0 ? bytes.indexOf(LF, start) : p;
    const to = bytes[end - 1] === CR ? end - 1 : end;
    place.length = to - start;
    this.fields += p < 0 ? countMembers(bytes, start, end) : parser.members;
    const isText = this.isText || isUtf8(bytes.subarray(start, end));
    if (p >= 0 && isText && place.length <= limits.recordBytes) {
      this.put(bytes);
      place.line += 1;
      return end + 1;
    }
    this.output.broken(place, this.reason(isText, start), bytes, start, to);
    place.line += 1;
    return end + 1;
  }

  private reason(isText: boolean, start: number): string {
    const { place, limits, parser } = this;
    if (!isText) return 'not UTF-8';
    return place.length > limits.recordBytes ? `longer than ${limits.recordBytes} bytes` : parser.problem.text(start);
  }

  /** The end of a line that was too long to hold. */
  private endLong(long: LongLine, bytes: Uint8Array, base: number, start: number): number {
    const { place } = this;
    const end = bytes.indexOf(LF, start);
    long.take(bytes.subarray(start, end));
    this.beginRecord(long.offset);
    place.length = base + end - long.offset;
    this.fields += long.members;
    const { head } = long;
    this.output.broken(place, `longer than ${this.limits.recordBytes} bytes`, head, 0, head.length);
    this.long = undefined;
    place.line += 1;
    return end + 1;
  }
}
