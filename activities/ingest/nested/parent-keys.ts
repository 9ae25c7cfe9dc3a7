import type { FieldTree } from './field-tree.ts';
import { CELL, CELL_ENTER, CELL_LEAVE, CELL_VALUE, IN_SCRATCH, type RecordTape } from './record-tape.ts';

const POINT = 0x2e;
const BAR = 0x7c;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
/** Digits of the largest whole number. */
const MOST_DIGITS = 16;

/**
 * What nested rows call their parents by (`_parent`), and where they stand in their list. A record is called by the text
 * of its key; several columns are joined by `|`, with a backslash before each `|` and backslash inside. A record without
 * a key, or with none in one of its columns, is `<file>:<number>`. A nested row is `<its parent>.<its position>`.
 */
export class ParentKeys {
  /** By level: what the open row is called, from where to where in the tape's scratch, as UTF-8. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By table: the 1-based position of the last row. */
  readonly positions: Float64Array;
  private readonly tree: FieldTree;
  private readonly keySlots: Int8Array;
  private readonly keyCells: Int32Array;
  private readonly file: Uint8Array;
  private readonly tape: RecordTape;
  private bytes: Uint8Array = new Uint8Array(0);
  private record = 0;
  private isKnown = false;

  constructor(tree: FieldTree, tape: RecordTape, key: readonly number[], name: string) {
    this.tree = tree;
    this.tape = tape;
    this.file = Buffer.from(`${name}:`, 'utf8');
    const levels = Math.max(...tree.tables.map(({ level }) => level)) + 1;
    this.from = new Int32Array(levels);
    this.to = new Int32Array(levels);
    this.positions = new Float64Array(tree.tables.length);
    this.keySlots = new Int8Array(Math.max(0, ...key) + 1).fill(-1);
    key.forEach((column, slot) => (this.keySlots[column] = slot));
    this.keyCells = new Int32Array(key.length);
  }

  /** A record begins. Its key is looked for when its first nested row asks. */
  begin(bytes: Uint8Array, record: number): void {
    this.bytes = bytes;
    this.record = record;
    this.isKnown = false;
    this.restart(0);
  }

  /** What the record is called stands at level 0 from now on. */
  name(): void {
    if (!this.isKnown) this.nameRecord();
  }

  /** A row of a nested table begins. */
  enter(table: number): void {
    this.name();
    const position = this.positions[table]! + 1;
    this.positions[table] = position;
    const { level, children } = this.tree.tables[table]!;
    if (children.length === 0) return;
    this.restart(table);
    const { tape } = this;
    const parent = this.to[level - 1]! - this.from[level - 1]!;
    tape.reserve(parent + 1 + MOST_DIGITS);
    const { scratch, scratchEnd } = tape;
    scratch.copyWithin(scratchEnd, this.from[level - 1]!, this.to[level - 1]);
    scratch[scratchEnd + parent] = POINT;
    this.named(level, putDigits(scratch, scratchEnd + parent + 1, position));
  }

  private restart(table: number): void {
    const { children } = this.tree.tables[table]!;
    for (let i = 0; i < children.length; i += 1) this.positions[children[i]!] = 0;
  }

  private nameRecord(): void {
    this.isKnown = true;
    if (this.keyCells.length > 0 && this.findKey()) {
      this.joinKey();
      return;
    }
    const { file, tape } = this;
    tape.reserve(file.length + MOST_DIGITS);
    const { scratch, scratchEnd } = tape;
    scratch.set(file, scratchEnd);
    this.named(0, putDigits(scratch, scratchEnd + file.length, this.record));
  }

  /** The name stands at the end of the scratch, up to `to`. */
  private named(level: number, to: number): void {
    this.from[level] = this.tape.scratchEnd;
    this.to[level] = to;
    this.tape.scratchEnd = to;
  }

  /** Finds the record's own cells of the key's columns. False: one is missing. */
  private findKey(): boolean {
    const { keySlots, keyCells } = this;
    const { cells, length } = this.tape;
    let depth = 0;
    let missing = keyCells.length;
    keyCells.fill(-1);
    for (let at = 0; at < length && missing > 0; at += CELL) {
      const says = cells[at]! & 7;
      if (says === CELL_ENTER) depth += 1;
      else if (says === CELL_LEAVE) depth -= 1;
      else if (says === CELL_VALUE && depth === 0) {
        const slot = keySlots[cells[at + 1]!] ?? -1;
        if (slot < 0) continue;
        keyCells[slot] = at;
        missing -= 1;
      }
    }
    return missing === 0;
  }

  private joinKey(): void {
    const { keyCells, tape } = this;
    const { cells } = tape;
    let room = 0;
    for (const at of keyCells) room += 1 + 2 * (cells[at + 3]! - cells[at + 2]!);
    tape.reserve(room);
    const { scratch } = tape;
    let end = tape.scratchEnd;
    for (let slot = 0; slot < keyCells.length; slot += 1) {
      const at = keyCells[slot]!;
      const source = (cells[at]! & IN_SCRATCH) === 0 ? this.bytes : scratch;
      if (slot > 0) scratch[end++] = BAR;
      for (let i = cells[at + 2]!; i < cells[at + 3]!; i += 1) {
        const byte = source[i]!;
        if (keyCells.length > 1 && (byte === BAR || byte === BACKSLASH)) scratch[end++] = BACKSLASH;
        scratch[end++] = byte;
      }
    }
    this.named(0, end);
  }
}

/** Writes a whole number of at most 16 digits, and answers where it ends. */
function putDigits(into: Uint8Array, at: number, number: number): number {
  let end = at + 1;
  for (let rest = Math.floor(number / 10); rest > 0; rest = Math.floor(rest / 10)) end += 1;
  let rest = number;
  for (let i = end - 1; i >= at; i -= 1) {
    into[i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return end;
}
