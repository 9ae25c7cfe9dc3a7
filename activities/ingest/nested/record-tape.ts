/** What the cells of a tape say, in the low three bits of a cell's first number. */
export const CELL_VALUE = 0;
export const CELL_ENTER = 1;
export const CELL_LEAVE = 2;
/** A value, a NULL or a shape (bits of `field-node.ts`) of a field that the layout has no place for. */
export const CELL_SEEN_VALUE = 3;
export const CELL_SEEN_NULL = 4;
export const CELL_SEEN_SHAPE = 5;

/** What a value was written as, from bit 3 on. */
export const KIND_PLAIN = 0 << 3;
export const KIND_STRING = 1 << 3;
export const KIND_NUMBER = 2 << 3;
export const KIND_BOOLEAN = 3 << 3;
export const KIND_MASK = 3 << 3;

/** The value's bytes stand in the tape's scratch, not in the record's own bytes. */
export const IN_SCRATCH = 1 << 5;

/** Numbers of a cell: what it says; column, table or node; from; to. */
export const CELL = 4;

/**
 * A record as it was read, before anything of it reaches a table: cells in the order of the text. A broken record is
 * forgotten by `clear`, and the key of a record is known before its nested rows are made, wherever it stands.
 */
export class RecordTape {
  cells = new Int32Array(CELL * 256);
  length = 0;
  scratch = new Uint8Array(4096);
  scratchEnd = 0;

  clear(): void {
    this.length = 0;
    this.scratchEnd = 0;
  }

  put(what: number, which: number, from: number, to: number): void {
    const at = this.length;
    if (at === this.cells.length) this.grow();
    const { cells } = this;
    cells[at] = what;
    cells[at + 1] = which;
    cells[at + 2] = from;
    cells[at + 3] = to;
    this.length = at + CELL;
  }

  /** Makes room for `bytes` more in the scratch. */
  reserve(bytes: number): void {
    if (this.scratchEnd + bytes <= this.scratch.length) return;
    const wider = new Uint8Array(Math.max(this.scratch.length * 2, this.scratchEnd + bytes));
    wider.set(this.scratch.subarray(0, this.scratchEnd));
    this.scratch = wider;
  }

  private grow(): void {
    const longer = new Int32Array(this.cells.length * 2);
    longer.set(this.cells);
    this.cells = longer;
  }
}
