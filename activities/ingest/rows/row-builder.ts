import { provenanceType } from '../../names/provenance.ts';
import { isBlank } from '../types/blank.ts';
import { parseBoolean, type ValueKind } from '../types/classify.ts';
import { NO_DATE, parseDate, parseInstant, parseTimestamp } from '../types/parse-date.ts';
import { parseDecimal, parseInteger } from '../types/parse-number.ts';
import { writeSafe } from '../types/int64.ts';
import { BOOLEAN, ColumnBuffer, DATE, DECIMAL, INTEGER, TEXT, TIMESTAMP, TIMESTAMPTZ } from './column-buffer.ts';
import { ColumnEvidence, type ColumnFinding } from './column-evidence.ts';
import type { Carrier, RowColumn } from './layout.ts';

/** Rows a new builder has room for; it grows by doubling. */
const FIRST_ROWS = 64;
const TEXT_CARRIER: Carrier = { kind: 'text' };
const INTEGER_CARRIER: Carrier = { kind: 'integer' };
/** Of a broken record, as text. */
const BROKEN_TEXTS = new Set(['reason', 'record']);

/**
 * Collects the rows of one row group, column by column. Cells of a row may be put in any order, each at most once; a cell
 * that is not put is NULL. `endRow` finishes a row; `rollback` forgets the one begun. Columns are numbered as in
 * `columns`, then as in `provenance`.
 *
 * A value that its column does not take is a misfit: of a `suspect` column, `value` and its like return false and the
 * caller rolls the record back; of a `widen` column the cell is NULL, the evidence is noted, and they return true.
 */
export class RowBuilder {
  /** Finished rows. */
  rows = 0;
  /** 1-based line of the record that is being put, for the evidence. Set by the caller. */
  line = 0;
  /** In order; then the provenance. */
  readonly buffers: readonly ColumnBuffer[];
  private readonly required: readonly number[];
  private readonly evidences: readonly ColumnEvidence[];
  private capacity = FIRST_ROWS;

  /** `provenance`: names of further columns, of `_file`, `_parent`, `_row`, `reason` and `record` VARCHAR, of all others BIGINT. */
  constructor(columns: readonly RowColumn[], provenance: readonly string[]) {
    this.buffers = [
      ...columns.map((column) => new ColumnBuffer(column, FIRST_ROWS)),
      ...provenance.map((name) => {
        const carrier = isText(name) ? TEXT_CARRIER : INTEGER_CARRIER;
        return new ColumnBuffer({ name, carrier, required: false, onMisfit: 'suspect' }, FIRST_ROWS);
      }),
    ];
    this.required = columns.flatMap((column, index) => (column.required ? [index] : []));
    this.evidences = columns.map(({ carrier }) => new ColumnEvidence(carrier));
  }

  /**
   * Puts a cell from a UTF-8 span of a format that knows text only. Blank is NULL but for text, which keeps `''` and
   * spaces. False: a misfit.
   */
  value(column: number, bytes: Uint8Array, from: number, to: number): boolean {
    return this.put(column, 'plain', bytes, from, to);
  }

  /**
   * A JSON string, unescaped. Where a type is only assumed it may be a date, timestamp or text, and `''` is a text: as
   * NULL it could not be told from `null`. A declared type is held against the text alone, as the strict casts do.
   */
  string(column: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { kind, assumed } = this.buffers[column]!;
    if (!assumed || kind === TEXT) return this.put(column, 'string', bytes, from, to);
    const takes = (kind === DATE || kind === TIMESTAMP) && !isBlank(bytes, from, to);
    return takes ? this.put(column, 'string', bytes, from, to) : this.misfit(column, 'string', bytes, from, to);
  }

  /** A JSON number's source text. Where a type is only assumed it may be an integer, decimal or text. */
  number(column: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { kind, assumed } = this.buffers[column]!;
    const takes = !assumed || kind === INTEGER || kind === DECIMAL || kind === TEXT;
    return takes ? this.put(column, 'number', bytes, from, to) : this.misfit(column, 'number', bytes, from, to);
  }

  /** JSON's `true` or `false`. Where a type is only assumed it may be a boolean or text. */
  boolean(column: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { kind, assumed } = this.buffers[column]!;
    const takes = !assumed || kind === BOOLEAN || kind === TEXT;
    return takes ? this.put(column, 'boolean', bytes, from, to) : this.misfit(column, 'boolean', bytes, from, to);
  }

  /** Puts a text as it is, whatever it holds, into a column of texts. False: blank where a text is required. */
  text(column: number, bytes: Uint8Array, from: number, to: number): boolean {
    const buffer = this.buffers[column]!;
    if (buffer.required && isBlank(bytes, from, to)) return this.nothing(column);
    buffer.putText(this.rows, bytes, from, to);
    return true;
  }

  /** Puts a whole number up to 2^53 into a column of integers. */
  integer(column: number, value: number): void {
    const buffer = this.buffers[column]!;
    buffer.valid[this.rows] = 1;
    writeSafe(value, buffer.words, 2 * this.rows);
  }

  /** Gives a text column the same value in every row, now and later. For `_file`. */
  constant(column: number, text: string): void {
    this.buffers[column]!.constant = Buffer.from(text, 'utf8');
  }

  /** NULL. False where a value is required. */
  nothing(column: number): boolean {
    return !this.buffers[column]!.required;
  }

  /** Finishes the row. False, and the row stays unfinished: a required cell was not put. */
  endRow(): boolean {
    const row = this.rows;
    if (this.required.length > 0 && !this.complete(row)) return false;
    this.rows = row + 1;
    // One row more than is finished, for the cells of the next.
    if (this.rows === this.capacity) {
      this.capacity *= 2;
      for (const buffer of this.buffers) buffer.reserve(this.capacity);
    }
    return true;
  }

  private complete(row: number): boolean {
    for (const column of this.required) if (this.buffers[column]!.valid[row] === 0) return false;
    return true;
  }

  /** Forgets the row that was begun. */
  rollback(): void {
    for (const buffer of this.buffers) buffer.forget(this.rows);
  }

  /** Forgets the row that was begun and all finished ones from the `rows`th on. Evidence stays. */
  rewind(rows: number): void {
    for (const buffer of this.buffers) buffer.rewind(rows, this.rows);
    this.rows = rows;
  }

  /** Empties the builder for the next row group. Constants and evidence stay. */
  clear(): void {
    this.evidences.forEach((evidence, column) => evidence.settle(this.buffers[column]!, this.rows));
    for (const buffer of this.buffers) buffer.clear(this.rows);
    this.rows = 0;
  }

  /** Whether any cell did not fit the type its column is assumed to have: what was built is of no use then. */
  get disproved(): boolean {
    return this.evidences.some(({ disproved }) => disproved);
  }

  /** What all values that the column was given have in common, but those of rows that were rewound. */
  evidence(column: number): ColumnFinding {
    return this.evidences[column]!.finding(this.buffers[column]!, this.rows);
  }

  /** Bytes held, nearly; by which the caller ends a row group. */
  get bytes(): number {
    let bytes = 0;
    for (const { size, dictionary, width } of this.buffers) {
      bytes += size + (dictionary?.size ?? 0) + this.rows * (1 + 4 * width);
    }
    return bytes;
  }

  private put(column: number, said: ValueKind, bytes: Uint8Array, from: number, to: number): boolean {
    const buffer = this.buffers[column]!;
    const row = this.rows;
    let fits = false;
    switch (buffer.kind) {
      case TEXT:
        return this.text(column, bytes, from, to);
      case INTEGER:
        fits = parseInteger(bytes, from, to, buffer.words, 2 * row);
        break;
      case DECIMAL:
        fits = parseDecimal(bytes, from, to, buffer.precision, buffer.scale, buffer.words, 2 * row);
        break;
      case DATE: {
        const days = parseDate(bytes, from, to);
        buffer.words[row] = days;
        fits = days !== NO_DATE;
        break;
      }
      case TIMESTAMP:
        fits = parseTimestamp(bytes, from, to, buffer.words, 2 * row);
        break;
      case TIMESTAMPTZ:
        fits = parseInstant(bytes, from, to, buffer.words, 2 * row);
        break;
      case BOOLEAN: {
        const truth = parseBoolean(bytes, from, to);
        buffer.words[row] = truth;
        fits = truth >= 0;
        break;
      }
    }
    if (!fits) return isBlank(bytes, from, to) ? this.nothing(column) : this.misfit(column, said, bytes, from, to);
    buffer.valid[row] = 1;
    return true;
  }

  private misfit(column: number, kind: ValueKind, bytes: Uint8Array, from: number, to: number): boolean {
    if (!this.buffers[column]!.assumed) return false;
    this.evidences[column]!.misfit(kind, bytes, from, to, this.line);
    return true;
  }
}

function isText(provenance: string): boolean {
  return BROKEN_TEXTS.has(provenance) || provenanceType(provenance) === 'VARCHAR';
}
