import { type FieldNode, LIST, OBJECT, SPREAD, VALUE, WHOLE } from '../nested/field-node.ts';
import type { FieldTree } from '../nested/field-tree.ts';
import {
  CELL_ENTER,
  CELL_LEAVE,
  CELL_SEEN_NULL,
  CELL_SEEN_SHAPE,
  CELL_SEEN_VALUE,
  CELL_VALUE,
  IN_SCRATCH,
  KIND_BOOLEAN,
  KIND_NUMBER,
  KIND_STRING,
  type RecordTape,
} from '../nested/record-tape.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  MINUS,
  NINE,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  SPACE,
  STOPS,
  ZERO,
} from './bytes.ts';
import { checkString, decodeString } from './escapes.ts';
import { noValue, orEnd, Problem } from './problem.ts';
import { shapeWanted } from './shape-wanted.ts';
import { literalEnd, numberEnd } from './scalars.ts';
import { twice, ValueCheck } from './value-check.ts';

const LETTER_N = 0x6e;

/**
 * The first reader of JSON: one record to the cells of a tape, strictly by RFC 8259, without recursion and without
 * making a string or an object on the way. A key is first held against the one that came next in the record before.
 */
export class RecordParser {
  readonly problem = new Problem();
  /** Keys of the record, at any depth. */
  members = 0;
  private readonly tree: FieldTree;
  private readonly tape: RecordTape;
  private readonly depth: number;
  private readonly spaces: Uint8Array;
  private readonly stops = STOPS;
  private readonly check: ValueCheck;
  /** The objects and lists around the open one. */
  private readonly outer: FieldNode[] = [];
  private readonly lastMembers: (FieldNode | undefined)[] = [];
  private readonly owners: number[] = [];
  private serial = 0;

  /** `depth`: objects and lists inside one another, at most. `spaces`: what may stand between tokens, by byte. */
  constructor(tree: FieldTree, tape: RecordTape, depth: number, spaces: Uint8Array) {
    this.spaces = spaces;
    this.tree = tree;
    this.tape = tape;
    this.depth = depth;
    this.check = new ValueCheck(depth, spaces, tape, this.problem);
  }

  /**
   * Reads the record whose value begins at `from`, and answers the byte behind it; -1: it is broken, see `problem`.
   * What it holds is on the tape then. `bytes[end]` must be there, and be a byte below the space.
   */
  parse(bytes: Uint8Array, from: number, end: number): number {
    const { tree, tape, problem, spaces, stops } = this;
    tape.clear();
    this.check.begin();
    let members = 0;
    let depth = 0;
    let p = from;
    let node: FieldNode = tree.root;
    let frame: FieldNode = node;
    let closer = 0;
    let last: FieldNode | undefined;
    let owner = 0;
    if (!this.isRecord(node, bytes[p]!)) return problem.found('not an object', p);
    for (;;) {
      let opened = false;
      const byte = bytes[p]!;
      if (node.take !== SPREAD || (node.takeOwn !== SPREAD && byte !== OPEN_OBJECT)) {
        p = this.unspread(node, bytes, p, end, depth);
        if (p < 0) return -1;
      } else if (byte === QUOTE) {
        const start = p + 1;
        p = start;
        while (stops[bytes[p]!] === 0) p += 1;
        if (bytes[p] === QUOTE) {
          if ((node.known & VALUE) !== 0) tape.put(CELL_VALUE | KIND_STRING, node.column, start, p);
          else if (node.promised) return problem.found(shapeWanted(node), start - 1);
          else tape.put(CELL_SEEN_VALUE | KIND_STRING, node.id, start, p);
        } else {
          p = this.escapedEnd(node, bytes, start);
          if (p < 0) return -1;
        }
        p += 1;
      } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
        const start = p;
        p = numberEnd(bytes, p);
        if (p < 0) return problem.found(noValue(bytes, start, end), start);
        if ((node.known & VALUE) !== 0) tape.put(CELL_VALUE | KIND_NUMBER, node.column, start, p);
        else if (node.promised) return problem.found(shapeWanted(node), start);
        else tape.put(CELL_SEEN_VALUE | KIND_NUMBER, node.id, start, p);
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        const shape = byte === OPEN_OBJECT ? OBJECT : LIST;
        if ((node.known & shape) === 0) {
          if (node.strict && (node.known & VALUE) !== 0) {
            p = this.wholeEnd(node, bytes, p, end, depth);
            if (p < 0) return -1;
          } else if (node.promised) return problem.found(shapeWanted(node), p);
          else {
            tape.put(CELL_SEEN_SHAPE, node.id, shape, 0);
            opened = true;
          }
        } else opened = true;
        if (opened) {
          if (depth === this.depth) return problem.found('nested too deeply', p);
          this.outer[depth] = frame;
          this.lastMembers[depth] = last;
          this.owners[depth] = owner;
          depth += 1;
          frame = node;
          last = undefined;
          closer = byte + 2;
          owner = this.serial += 1;
          p += 1;
        }
      } else {
        const start = p;
        p = literalEnd(bytes, p);
        if (p < 0) return problem.found(noValue(bytes, start, end), start);
        if (byte === LETTER_N) {
          if (node.known === 0) tape.put(CELL_SEEN_NULL, node.id, 0, 0);
        } else if ((node.known & VALUE) !== 0) tape.put(CELL_VALUE | KIND_BOOLEAN, node.column, start, p);
        else if (node.promised) return problem.found(shapeWanted(node), start);
        else tape.put(CELL_SEEN_VALUE | KIND_BOOLEAN, node.id, start, p);
      }
      // What was read last has ended at p, or has just opened; whatever closes here ends too.
      for (;;) {
        if (depth === 0) {
          this.members = members + this.check.members;
          return p;
        }
        let mark = bytes[p]!;
        if (mark <= SPACE) {
          p = skipSpace(bytes, p, end, spaces);
          mark = bytes[p]!;
        }
        if (mark === closer) {
          if (closer === CLOSE_LIST && !opened && frame.entry!.rows >= 0) tape.put(CELL_LEAVE, frame.entry!.rows, 0, 0);
          opened = false;
          p += 1;
          depth -= 1;
          node = frame;
          frame = this.outer[depth]!;
          last = this.lastMembers[depth];
          owner = this.owners[depth]!;
          closer = depth === 0 ? 0 : node.isEntry ? CLOSE_LIST : CLOSE_OBJECT;
          continue;
        }
        if (!opened) {
          if (mark !== COMMA) return this.noComma(bytes, p, end);
          p += 1;
          if (closer === CLOSE_LIST && frame.entry!.rows >= 0) tape.put(CELL_LEAVE, frame.entry!.rows, 0, 0);
        }
        break;
      }
      if (bytes[p]! <= SPACE) p = skipSpace(bytes, p, end, spaces);
      if (closer === CLOSE_LIST) {
        if (bytes[p] === CLOSE_LIST) return problem.found('a comma before a closing bracket', p);
        node = frame.entry ?? tree.entryOf(frame);
        if (node.rows >= 0) tape.put(CELL_ENTER, node.rows, 0, 0);
        if (node.ambiguous) this.watch(node, bytes[p]!);
        continue;
      }
      if (bytes[p] !== QUOTE) return this.noKey(bytes, p, end);
      p += 1;
      // The key: the one that came next the last time, or any other.
      const guess: FieldNode | undefined = last === undefined ? frame.first : last.next;
      let same = 0;
      if (guess !== undefined) {
        const { spelling } = guess;
        const length = spelling.length;
        while (same < length && bytes[p + same] === spelling[same]) same += 1;
        if (same !== length) same = 0;
      }
      const keyStart = p;
      if (same > 0) {
        node = guess!;
        p += same;
      } else {
        p = this.keyEnd(bytes, p, frame, last);
        if (p < 0) return -1;
        node = last === undefined ? frame.first! : last.next!;
      }
      if (node.owner === owner) return problem.found(twice(bytes, keyStart, p - 1), keyStart);
      node.owner = owner;
      last = node;
      members += 1;
      if (bytes[p] !== COLON) {
        p = skipSpace(bytes, p, end, spaces);
        if (bytes[p] !== COLON) return problem.found(orEnd(bytes, p, end, 'a colon is missing after a key'), p);
      }
      p += 1;
      if (bytes[p]! <= SPACE) p = skipSpace(bytes, p, end, spaces);
    }
  }

  /** Whether a value that begins so can be a record: single values and lists only where all records are such. */
  private isRecord(root: FieldNode, first: number): boolean {
    return (
      first === OPEN_OBJECT || root.take !== SPREAD || root.takeOwn !== SPREAD || root.ambiguous || root.known === 0
    );
  }

  /** Notes of which shape an entry is that may be a value or an object. */
  private watch(entry: FieldNode, first: number): void {
    if (first !== LETTER_N) this.tape.put(CELL_SEEN_SHAPE, entry.id, first === OPEN_OBJECT ? OBJECT : VALUE, 0);
  }

  /** Reads a key that was not foreseen, and notes it as the one that comes next: there the caller finds it. */
  private keyEnd(bytes: Uint8Array, from: number, object: FieldNode, last: FieldNode | undefined): number {
    const { tape, problem } = this;
    let q = from;
    while (STOPS[bytes[q]!] === 0) q += 1;
    let member: FieldNode | undefined;
    if (bytes[q] === BACKSLASH) {
      const start = tape.scratchEnd;
      q = decodeString(bytes, from, tape, problem);
      if (q < 0) return -1;
      member = this.memberAt(object, tape.scratch, start, tape.scratchEnd);
      tape.scratchEnd = start;
    } else {
      if (bytes[q] !== QUOTE) return checkString(bytes, from, problem);
      member = this.memberAt(object, bytes, from, q);
    }
    if (last === undefined) object.first = member;
    else last.next = member;
    return q + 1;
  }

  private memberAt(object: FieldNode, bytes: Uint8Array, from: number, to: number): FieldNode {
    const known = object.find(bytes, from, to);
    if (known) return known;
    const member = this.tree.memberOf(object, Buffer.from(bytes.subarray(from, to)).toString('utf8'));
    if (member.id < 0) this.tape.put(CELL_SEEN_SHAPE, object.id, OBJECT, 0);
    return member;
  }

  /** A string with escapes, or one that is none: the byte of its closing quote, or -1. */
  private escapedEnd(node: FieldNode, bytes: Uint8Array, from: number): number {
    const { tape } = this;
    const start = tape.scratchEnd;
    const end = decodeString(bytes, from, tape, this.problem);
    if (end < 0) return -1;
    const known = (node.known & VALUE) !== 0;
    if (!known && node.promised) return this.problem.found(shapeWanted(node), from - 1);
    const what = (known ? CELL_VALUE : CELL_SEEN_VALUE) | KIND_STRING | IN_SCRATCH;
    tape.put(what, known ? node.column : node.id, start, tape.scratchEnd);
    return end;
  }

  private unspread(node: FieldNode, bytes: Uint8Array, p: number, end: number, depth: number): number {
    const take = node.take === SPREAD ? node.takeOwn : node.take;
    if (take === WHOLE) return this.wholeEnd(node, bytes, p, end, depth);
    return this.check.valueEnd(bytes, p, end, depth);
  }

  /** A value that stays as it is written. `null` is no value here either. */
  private wholeEnd(node: FieldNode, bytes: Uint8Array, from: number, end: number, depth: number): number {
    const to = this.check.valueEnd(bytes, from, end, depth);
    if (to < 0) return -1;
    if (bytes[from] === LETTER_N) {
      if (node.column < 0) this.tape.put(CELL_SEEN_NULL, node.id, 0, 0);
    } else if (node.column >= 0) this.tape.put(CELL_VALUE | KIND_STRING, node.column, from, to);
    else this.tape.put(CELL_SEEN_SHAPE, node.id, VALUE | OBJECT, 0);
    return to;
  }

  private noComma(bytes: Uint8Array, p: number, end: number): number {
    return this.problem.found(orEnd(bytes, p, end, 'a comma or a closing bracket is missing'), p);
  }

  private noKey(bytes: Uint8Array, p: number, end: number): number {
    if (bytes[p] === CLOSE_OBJECT) return this.problem.found('a comma before a closing bracket', p);
    return this.problem.found(orEnd(bytes, p, end, 'a key in double quotes is missing'), p);
  }
}
