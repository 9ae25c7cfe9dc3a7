import { isUtf8 } from 'node:buffer';
import type { Parsing } from '../rows/format-reader.ts';
import { CLOSE_LIST, CLOSE_OBJECT, COMMA, LF, QUOTE, SPACES } from './bytes.ts';
import { JSON_LIMITS, type JsonLimits } from './json-limits.ts';
import { JsonWindowParser } from './json-window-parser.ts';
import { LongRecord } from './long-record.ts';
import { countMembers } from './member-count.ts';
import { recordEnd } from './record-end.ts';

/**
 * The first reader of JSON documents. A window holds records, with white space and commas between: that they are
 * separated as they should be is the second reader's to say. A broken record costs itself.
 */
export class JsonParser extends JsonWindowParser {
  private buffer = new Uint8Array(0);
  private isText = true;
  /** The next line end from the last place looked at; beyond the bytes: none. */
  private nextLine = 0;
  private long: LongRecord | undefined;

  constructor(parsing: Parsing, limits: JsonLimits = JSON_LIMITS) {
    super(parsing, limits, SPACES);
  }

  protected begin(): void {
    this.long = undefined;
  }

  protected piece(piece: Uint8Array, base: number, last: boolean): number {
    // A byte below the space must stand behind the last one, for readers that look for it.
    const end = piece.length;
    if (this.buffer.length <= end) this.buffer = new Uint8Array(end + 1);
    const { buffer: bytes } = this;
    bytes.set(piece);
    bytes[end] = LF;
    this.isText = isUtf8(piece);
    this.nextLine = lineEnd(bytes, 0, end);
    let p = base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    if (this.long) p = this.goOn(this.long, bytes, base, end, last);
    while (p < end) {
      const start = p;
      while (p < end && (SPACES[bytes[p]!] === 1 || bytes[p] === COMMA)) p += 1;
      this.countLines(bytes, start, p, end);
      if (p === end) break;
      // Of a window that comes in pieces, only records that have come whole are read.
      if (!last && recordEnd(bytes, p, end) < 0) {
        if (end - p <= this.limits.recordBytes) return p;
        this.long = new LongRecord(base + p);
        this.goOn(this.long, bytes.subarray(p), base + p, end - p, last);
        return end;
      }
      p = this.record(bytes, base, p, end);
    }
    return end;
  }

  private record(bytes: Uint8Array, base: number, start: number, end: number): number {
    const { place, parser } = this;
    this.beginRecord(base + start);
    let p = parser.parse(bytes, start, end);
    if (p >= 0 && !endsThere(bytes, start, p, end)) p = parser.problem.found('not a JSON value', p);
    const to = p < 0 ? recordEnd(bytes, start, end) : p;
    const length = (to < 0 ? end : to) - start;
    place.length = length;
    this.fields += p < 0 ? countMembers(bytes, start, start + length) : parser.members;
    const problem = this.problem(bytes, start, length, p < 0);
    if (problem === undefined) this.put(bytes);
    else this.output.broken(place, problem, bytes, start, start + length);
    this.countLines(bytes, start, start + length, end);
    return start + length;
  }

  private problem(bytes: Uint8Array, start: number, length: number, isBroken: boolean): string | undefined {
    const { limits, parser } = this;
    if (!this.isText && !isUtf8(bytes.subarray(start, start + length))) return 'not UTF-8';
    if (length > limits.recordBytes) return `longer than ${limits.recordBytes} bytes`;
    return isBroken ? parser.problem.text(start) : undefined;
  }

  /** Reads over a record that is too long to be held. */
  private goOn(long: LongRecord, bytes: Uint8Array, base: number, end: number, last: boolean): number {
    const { place } = this;
    const to = long.take(bytes, end);
    if (to < 0 && !last) return end;
    const behind = to < 0 ? end : to;
    this.beginRecord(long.offset);
    place.length = base + behind - long.offset;
    this.fields += long.members;
    this.output.broken(place, `longer than ${this.limits.recordBytes} bytes`, long.head, 0, long.head.length);
    place.line += long.lines;
    this.nextLine = lineEnd(bytes, behind, end);
    this.long = undefined;
    return behind;
  }

  private countLines(bytes: Uint8Array, from: number, to: number, end: number): void {
    if (this.nextLine >= to) return;
    let lines = 0;
    for (let p = Math.max(from, this.nextLine); p < to; p += 1) if (bytes[p] === LF) lines += 1;
    this.place.line += lines;
    this.nextLine = lineEnd(bytes, to, end);
  }
}

/** A number or word ends where something else may begin; what ends with a bracket or quote ends there anyway. */
function endsThere(bytes: Uint8Array, start: number, p: number, end: number): boolean {
  const last = bytes[p - 1];
  if (last === QUOTE || last === CLOSE_LIST || last === CLOSE_OBJECT) return true;
  const to = recordEnd(bytes, start, end);
  return to === p || (to < 0 && p === end);
}

function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, end).indexOf(LF, from);
  return at < 0 ? end : at;
}
