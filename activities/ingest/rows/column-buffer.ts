import { viewOf } from '../types/view-of.ts';
import { copyBytes, larger } from './copy-bytes.ts';
import { TextDictionary } from './text-dictionary.ts';
import type { Carrier, RowColumn } from './layout.ts';
import { rangeOfPairs, rangeOfWords, type ValueRange } from './value-range.ts';

/** Carriers as numbers, for a quick switch. */
export const TEXT = 0;
export const INTEGER = 1;
export const DECIMAL = 2;
export const BOOLEAN = 3;
export const DATE = 4;
export const TIMESTAMP = 5;
export const TIMESTAMPTZ = 6;
const CODES = {
  ...{ text: TEXT, integer: INTEGER, decimal: DECIMAL, boolean: BOOLEAN },
  ...{ date: DATE, timestamp: TIMESTAMP, timestamptz: TIMESTAMPTZ },
};
/** Kinds whose values are 64 bits. */
const WIDE = [INTEGER, DECIMAL, TIMESTAMP, TIMESTAMPTZ];

/** Copying by a loop is faster up to here. */
const SHORT = 256;
/** After so many values a dictionary must have been worth it: fewer than half of them new. */
const TRIAL = 1024;
/** Bytes a column may hold in one row group. Callers flush long before: this is the end of what a page can be. */
const MOST_BYTES = 0x7000_0000;

/** One column of the rows being collected. Its arrays are re-used from row group to row group. */
export class ColumnBuffer {
  readonly name: string;
  readonly carrier: Carrier;
  readonly required: boolean;
  /** Whether its type is only assumed: a misfit disproves it. */
  readonly assumed: boolean;
  readonly kind: number;
  /** 1 or 2 words a row. */
  readonly width: number;
  readonly precision: number;
  readonly scale: number;
  /** By row: 1 where there is a value. Always 0 beyond the rows that are begun. */
  valid: Uint8Array;
  /** By row: a 64-bit value as two words, a date's days, a boolean's 0 or 1; of a text its number in the dictionary, or where it begins in `plain`. */
  words: Int32Array;
  /** Texts without a dictionary, in Parquet's PLAIN encoding. */
  plain = new Uint8Array(0);
  private texts = new DataView(this.plain.buffer);
  /** Bytes in use of `plain`. */
  size = 0;
  dictionary: TextDictionary | undefined;
  /** Whether the texts of this row group are numbers of the dictionary, so far. */
  coded: boolean;
  /** The one text of all rows, instead of a value a row. */
  constant: Uint8Array | undefined;
  private looked = 0;
  private known: { readonly rows: number; readonly range: ValueRange | undefined } | undefined;

  constructor(column: Omit<RowColumn, 'field'>, capacity: number) {
    const { carrier } = column;
    this.name = column.name;
    this.required = column.required;
    this.assumed = column.onMisfit === 'widen';
    this.carrier = carrier;
    this.kind = CODES[carrier.kind];
    this.width = WIDE.includes(this.kind) ? 2 : 1;
    this.precision = carrier.kind === 'decimal' ? carrier.precision : 0;
    this.scale = carrier.kind === 'decimal' ? carrier.scale : 0;
    this.valid = new Uint8Array(capacity);
    this.words = new Int32Array(capacity * this.width);
    this.dictionary = this.kind === TEXT ? new TextDictionary() : undefined;
    this.coded = this.kind === TEXT;
  }

  putText(row: number, bytes: Uint8Array, from: number, to: number): void {
    this.valid[row] = 1;
    const view = viewOf(bytes);
    if (this.coded) {
      const { dictionary } = this;
      const index = dictionary === undefined ? -1 : dictionary.indexOf(view, from, to);
      this.looked += 1;
      if (index >= 0 && (this.looked !== TRIAL || dictionary!.entries <= TRIAL / 2)) {
        this.words[row] = index;
        return;
      }
      this.spell(row);
    }
    const length = to - from;
    const at = this.size;
    const end = at + 4 + length;
    if (end > this.plain.length) this.makeRoom(end);
    this.words[row] = at;
    this.texts.setInt32(at, length, true);
    if (length > SHORT) this.plain.set(bytes.subarray(from, to), at + 4);
    else copyBytes(view, from, length, this.texts, at + 4);
    this.size = end;
  }

  /** How many of the first `rows` have a value. */
  present(rows: number): number {
    const { valid } = this;
    // The usual case first: nothing is missing.
    let gap = Buffer.from(valid.buffer, valid.byteOffset, rows).indexOf(0);
    if (gap < 0) return rows;
    let count = gap;
    for (; gap < rows; gap += 1) count += valid[gap]!;
    return count;
  }

  /** The least and greatest value of the first `rows`; nothing if they have none, or if it is text. */
  range(rows: number): ValueRange | undefined {
    if (this.kind === TEXT) return undefined;
    if (this.known?.rows === rows) return this.known.range;
    const valid = this.present(rows) === rows ? undefined : this.valid;
    const range = (this.width === 2 ? rangeOfPairs : rangeOfWords)(this.words, valid, rows);
    this.known = { rows, range };
    return range;
  }

  /** Room for at least so many rows. */
  reserve(rows: number): void {
    if (rows <= this.valid.length) return;
    const capacity = Math.max(rows, this.valid.length * 2);
    this.valid = larger(this.valid, capacity);
    const words = new Int32Array(this.valid.length * this.width);
    words.set(this.words);
    this.words = words;
  }

  /** Forgets the cells of the rows from `rows` up to and including `last`. */
  rewind(rows: number, last: number): void {
    if (this.kind === TEXT && !this.coded) {
      const first = this.valid.subarray(rows, last + 1).indexOf(1);
      if (first >= 0) this.size = this.words[rows + first]!;
    }
    this.valid.fill(0, rows, last + 1);
    this.known = undefined;
  }

  /** Forgets the cell of a row, which is the last one that was begun. */
  forget(row: number): void {
    if (this.valid[row] === 0) return;
    if (this.kind === TEXT && !this.coded) this.size = this.words[row]!;
    this.valid[row] = 0;
  }

  clear(rows: number): void {
    this.valid.fill(0, 0, rows + 1);
    this.size = 0;
    this.looked = 0;
    this.known = undefined;
    this.coded = this.kind === TEXT;
    this.dictionary?.clear();
  }

  /** Gives the dictionary up: the texts before `row` are written out. */
  private spell(row: number): void {
    this.coded = false;
    const { dictionary, words, valid } = this;
    if (dictionary === undefined) return;
    for (let i = 0; i < row; i += 1) {
      if (valid[i] === 0) continue;
      const start = dictionary.starts[words[i]!]!;
      // One byte holds the length of every entry.
      const length = dictionary.plain[start]! + 4;
      if (this.size + length > this.plain.length) this.makeRoom(this.size + length);
      words[i] = this.size;
      for (let k = 0; k < length; k += 1) this.plain[this.size + k] = dictionary.plain[start + k]!;
      this.size += length;
    }
    dictionary.clear();
  }

  private makeRoom(bytes: number): void {
    if (bytes > MOST_BYTES) throw new RangeError(`A row group of column "${this.name}" is beyond ${MOST_BYTES} bytes.`);
    this.plain = larger(this.plain, bytes);
    this.texts = new DataView(this.plain.buffer);
  }
}
