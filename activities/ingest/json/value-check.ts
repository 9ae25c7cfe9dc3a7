import type { RecordTape } from '../nested/record-tape.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isDigit,
  MINUS,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  STOPS,
} from './bytes.ts';
import { checkString, decodeString } from './escapes.ts';
import { KeySet } from './key-set.ts';
import { noValue, orEnd, type Problem } from './problem.ts';
import { literalEnd, numberEnd } from './scalars.ts';

/** Reads over values that are kept as text or passed over: as strictly as all others, without telling anybody what they hold. */
export class ValueCheck {
  /** Keys read over since `begin`. */
  members = 0;
  private readonly keys = new KeySet();
  private readonly problem: Problem;
  private readonly tape: RecordTape;
  private readonly spaces: Uint8Array;
  private readonly closers: Uint8Array;
  private readonly objects: Int32Array;
  private serial = 0;

  /**
   * `depth`: objects and lists inside one another, at most. `spaces`: what may stand between tokens, by byte. The tape's
   * scratch is borrowed for keys with escapes.
   */
  constructor(depth: number, spaces: Uint8Array, tape: RecordTape, problem: Problem) {
    this.spaces = spaces;
    this.tape = tape;
    this.problem = problem;
    this.closers = new Uint8Array(depth + 2);
    this.objects = new Int32Array(depth + 2);
  }

  /** A new record begins. */
  begin(): void {
    this.keys.clear();
    this.serial = 0;
    this.members = 0;
  }

  /** The end of the value whose first byte is at `from`, `outside` objects and lists deep already; -1: it is broken. */
  valueEnd(bytes: Uint8Array, from: number, end: number, outside: number): number {
    const { closers, objects, problem, spaces } = this;
    const deepest = closers.length - 2 - outside;
    let depth = 0;
    let p = from;
    for (;;) {
      const byte = bytes[p]!;
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        if (depth > deepest) return problem.found('nested too deeply', p);
        closers[depth] = byte + 2;
        if (byte === OPEN_OBJECT) objects[depth] = this.serial += 1;
        p = skipSpace(bytes, p + 1, end, spaces);
        if (bytes[p] !== closers[depth]) {
          if (byte === OPEN_OBJECT) p = this.keyEnd(bytes, p, end, objects[depth]!);
          if (p < 0) return -1;
          continue;
        }
      } else {
        p = this.scalarEnd(bytes, p, end);
        if (p < 0) return -1;
        if (depth > 0) p = skipSpace(bytes, p, end, spaces);
      }
      // What was read last has ended at p, or closes there.
      while (depth > 0 && bytes[p] === closers[depth] && p < end) {
        depth -= 1;
        p += 1;
        if (depth > 0) p = skipSpace(bytes, p, end, spaces);
      }
      if (depth === 0) return p;
      if (bytes[p] !== COMMA) return problem.found(orEnd(bytes, p, end, 'a comma or a closing bracket is missing'), p);
      p = skipSpace(bytes, p + 1, end, spaces);
      if (closers[depth] === CLOSE_OBJECT) p = this.keyEnd(bytes, p, end, objects[depth]!);
      else if (bytes[p] === CLOSE_LIST) return problem.found('a comma before a closing bracket', p);
      if (p < 0) return -1;
    }
  }

  /** Reads `"key" :` and answers where its value begins. */
  private keyEnd(bytes: Uint8Array, from: number, end: number, object: number): number {
    const { problem, spaces } = this;
    if (bytes[from] !== QUOTE) {
      return problem.found(orEnd(bytes, from, end, 'a key in double quotes is missing'), from);
    }
    let q = from + 1;
    while (STOPS[bytes[q]!] === 0) q += 1;
    let isNew: boolean;
    if (bytes[q] === BACKSLASH) {
      const { tape } = this;
      const start = tape.scratchEnd;
      q = decodeString(bytes, from + 1, tape, problem);
      if (q < 0) return -1;
      isNew = this.keys.add(object, tape.scratch, start, tape.scratchEnd);
      tape.scratchEnd = start;
    } else {
      if (bytes[q] !== QUOTE) return checkString(bytes, from + 1, problem);
      isNew = this.keys.add(object, bytes, from + 1, q);
    }
    if (!isNew) return problem.found(twice(bytes, from + 1, q), from);
    this.members += 1;
    const colon = skipSpace(bytes, q + 1, end, spaces);
    if (bytes[colon] !== COLON) return problem.found('a colon is missing after a key', colon);
    return skipSpace(bytes, colon + 1, end, spaces);
  }

  private scalarEnd(bytes: Uint8Array, p: number, end: number): number {
    const byte = bytes[p]!;
    if (byte === QUOTE) {
      const quote = checkString(bytes, p + 1, this.problem);
      return quote < 0 ? -1 : quote + 1;
    }
    const q = byte === MINUS || isDigit(byte) ? numberEnd(bytes, p) : literalEnd(bytes, p);
    return q < 0 ? this.problem.found(noValue(bytes, p, end), p) : q;
  }
}

/** A key that comes again, as the file writes it and not at any length. */
export function twice(bytes: Uint8Array, from: number, to: number): string {
  const key = Buffer.from(bytes.subarray(from, Math.min(to, from + 100))).toString('utf8');
  return `key "${key}${to > from + 100 ? '…' : ''}" stands twice`;
}
