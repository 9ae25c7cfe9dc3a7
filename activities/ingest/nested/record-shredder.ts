import { type FieldNode, LIST, NONE, OBJECT, SPREAD, VALUE, WHOLE } from './field-node.ts';
import { FieldTree } from './field-tree.ts';
import type { RecordEvents, RecordPlace, ValueKind } from './record-events.ts';
import { RecordTables, type RecordTablesOptions } from './record-tables.ts';
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
  KIND_PLAIN,
  KIND_STRING,
  RecordTape,
} from './record-tape.ts';

const ENCODER = new TextEncoder();
/** Code units. */
const SHORT = 64;

const KINDS: Readonly<Record<ValueKind, number>> = {
  plain: KIND_PLAIN,
  string: KIND_STRING,
  number: KIND_NUMBER,
  boolean: KIND_BOOLEAN,
};

/** An object that is open: its node, its number, and whether it is an entry of a list that the layout knows. */
interface Frame {
  readonly node: FieldNode;
  readonly owner: number;
  readonly isRow: boolean;
  /** It stands where the layout expects one at most: it is looked at, and written nowhere. */
  readonly isMuted: boolean;
  /** Members that are kept as JSON text: one as it is, several as a list. */
  wholes?: Map<FieldNode, string[]>;
}

/** Makes the records that events tell into rows of parent and child tables. See `RecordEvents`. */
export class RecordShredder implements RecordEvents {
  private readonly tree: FieldTree;
  private readonly tape = new RecordTape();
  private readonly tables: RecordTables;
  private frames: Frame[] = [];
  /** Where the next value belongs. */
  private next: Frame | undefined;
  private serial = 0;

  constructor(options: Omit<RecordTablesOptions, 'repeats'>) {
    this.tree = new FieldTree(options.layout);
    this.tables = new RecordTables(this.tree, this.tape, { ...options, repeats: 'list' });
  }

  startRecord(): void {
    this.tape.clear();
    this.frames = [];
    this.next = { node: this.tree.root, owner: (this.serial += 1), isRow: false, isMuted: false };
  }

  key(name: string): void {
    const open = this.frames.at(-1);
    if (!open) throw new Error('A key outside of an object.');
    this.next = this.member(open, name);
  }

  value(text: string, kind: ValueKind): void {
    const target = this.taken() ?? this.frames.at(-1);
    if (!target) throw new Error('A value outside of a record.');
    const { node } = target;
    // Records and entries have their own value in a column like any other.
    const own = node.isEntry ? this.member(target, 'value') : target;
    const { from, to } = this.keep(text);
    const what = KINDS[kind] | IN_SCRATCH;
    if ((own.node.known & VALUE) !== 0 && !own.isMuted) this.tape.put(CELL_VALUE | what, own.node.column, from, to);
    else if (own.node.id >= 0) this.tape.put(CELL_SEEN_VALUE | what, own.node.id, from, to);
    if (own !== target) this.leaveRow(own);
    if (target !== this.frames.at(-1)) this.leaveRow(target);
  }

  nothing(): void {
    const target = this.taken();
    if (!target) return;
    if (target.node.known === 0 && target.node.id >= 0 && target.node.take !== NONE) {
      this.tape.put(CELL_SEEN_NULL, target.node.id, 0, 0);
    }
    this.leaveRow(target);
  }

  startObject(): void {
    const target = this.taken();
    if (!target) throw new Error('An object without a key.');
    const { node } = target;
    if ((node.known & OBJECT) === 0) this.shape(node, OBJECT);
    this.frames.push(target);
  }

  endObject(): void {
    const frame = this.frames.pop();
    if (!frame) return;
    frame.wholes?.forEach((texts, node) => {
      this.putWhole(node, texts.length === 1 ? texts[0]! : `[${texts.join(',')}]`);
    });
    this.leaveRow(frame);
  }

  wants(): 'events' | 'whole' | 'none' {
    const take = this.next?.node.take;
    if (take === NONE) return 'none';
    return take === WHOLE ? 'whole' : 'events';
  }

  whole(text: string): void {
    const target = this.taken();
    const open = this.frames.at(-1);
    if (!target || target.isMuted) return;
    if (target.isRow || !open) {
      this.putWhole(target.node, text);
      this.leaveRow(target);
      return;
    }
    const wholes = (open.wholes ??= new Map<FieldNode, string[]>());
    const texts = wholes.get(target.node);
    if (texts) texts.push(text);
    else wholes.set(target.node, [text]);
  }

  endRecord(place: RecordPlace): 'good' | 'suspect' {
    return this.tables.put(this.tape.scratch, place);
  }

  dropRecord(): void {
    this.tape.clear();
    this.frames = [];
    this.next = undefined;
  }

  settle(): void {
    this.tables.settle();
  }

  private taken(): Frame | undefined {
    const { next } = this;
    this.next = undefined;
    return next;
  }

  /** The place of a member of the open object; a row of its own where the layout has a list there. */
  private member(open: Frame, name: string): Frame {
    const node = this.tree.memberOf(open.node, name);
    if (node.id < 0) this.shape(open.node, OBJECT);
    const owner = (this.serial += 1);
    if ((node.known & LIST) !== 0 && !open.isMuted) {
      const entry = this.tree.entryOf(node);
      this.tape.put(CELL_ENTER, entry.rows, 0, 0);
      return { node: entry, owner, isRow: true, isMuted: false };
    }
    const isAgain = node.owner === open.owner && node.take === SPREAD;
    node.owner = open.owner;
    if (isAgain) this.shape(node, LIST);
    return { node, owner, isRow: false, isMuted: isAgain || open.isMuted };
  }

  private leaveRow(frame: Frame): void {
    if (frame.isRow) this.tape.put(CELL_LEAVE, frame.node.rows, 0, 0);
  }

  private putWhole(node: FieldNode, text: string): void {
    const { from, to } = this.keep(text);
    if (node.column >= 0) this.tape.put(CELL_VALUE | KIND_STRING | IN_SCRATCH, node.column, from, to);
    else this.shape(node, VALUE | OBJECT);
  }

  private shape(node: FieldNode, shape: number): void {
    if (node.id >= 0) this.tape.put(CELL_SEEN_SHAPE, node.id, shape, 0);
  }

  private keep(text: string): { from: number; to: number } {
    const { tape } = this;
    const from = tape.scratchEnd;
    tape.reserve(text.length * 3);
    tape.scratchEnd =
      putAscii(text, tape.scratch, from) ?? from + ENCODER.encodeInto(text, tape.scratch.subarray(from)).written;
    return { from, to: tape.scratchEnd };
  }
}

/** Copies a short text of ASCII, and answers where it ends; nothing: it is another. By a loop that is faster than any call. */
function putAscii(text: string, into: Uint8Array, at: number): number | undefined {
  const { length } = text;
  if (length > SHORT) return undefined;
  for (let i = 0; i < length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return undefined;
    into[at + i] = unit;
  }
  return at + length;
}
