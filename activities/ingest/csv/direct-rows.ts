import {
  BOOLEAN,
  type ColumnBuffer,
  DATE,
  DECIMAL,
  INTEGER,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from '../rows/column-buffer.ts';
import type { RowBuilder } from '../rows/row-builder.ts';
import { isBlank } from '../types/blank.ts';
import { parseBoolean } from '../types/classify.ts';
import { NO_DATE, parseDate, parseInstant, parseTimestamp } from '../types/parse-date.ts';
import { parseDecimal, parseInteger } from '../types/parse-number.ts';
import { viewOf } from '../types/view-of.ts';
import { byteKinds, CR, DELIMITER, LF, PLAIN } from './byte-kinds.ts';
import { byteOf, type CsvFormat } from './csv-format.ts';

/** Digits whose number is surely within 32 bits. */
const SHORT = 9;
const ZERO = 0x30;
const POINT = 0x2e;
const DATE_LENGTH = 10;

/** The greatest number that is one word of a 64-bit number, and nothing in the other. */
const MOST_WORD = 0x7fff_ffff;

/** What `cell` answers instead of a position. */
const NOT_SIMPLE = -1;

/**
 * The quick way with records that are as simple as nearly all are: one line, the right number of fields, no doubled quote,
 * and every value fits its column. Each byte is looked at once, by what its column expects. All other records are left to
 * the tokenizer, of which this is a shortcut and never another opinion.
 */
export class DirectRows {
  /** Where the last `read` stopped: the beginning of a record, or of an empty line or a comment. */
  end = 0;
  private readonly rows: RowBuilder;
  /** For each field its column; nothing for a field that is left out. */
  private readonly columns: readonly (ColumnBuffer | undefined)[];
  private readonly kinds: Uint8Array;
  /** By two bytes, the first of them low: 1 where one of them may end a text, or a text between quotes. */
  private readonly plainPairs: Uint8Array;
  private readonly quotedPairs: Uint8Array;
  private readonly quote: number;
  private readonly comment: number;
  private readonly recordBytes: number;
  /** Position of the column `_line`; those of `_offset` and `_length` follow. */
  private readonly place: number;

  /** `columnOf`: for each field of the file its column, or -1. */
  constructor(format: CsvFormat, rows: RowBuilder, columnOf: readonly number[], columns: number, recordBytes: number) {
    this.rows = rows;
    this.columns = columnOf.map((column) => rows.buffers[column]);
    this.kinds = byteKinds(format);
    const quotes = format.quote === '' ? [] : [byteOf(format.quote)];
    this.plainPairs = pairsWith([0x0a, 0x0d, byteOf(format.delimiter), ...quotes]);
    this.quotedPairs = pairsWith([0x0a, 0x0d, ...quotes]);
    this.quote = byteOf(format.quote);
    this.comment = byteOf(format.comment);
    this.recordBytes = recordBytes;
    // Behind `_file`, which is the same in every row.
    this.place = columns + 1;
  }

  /** Puts simple records from `start` on into the rows, and returns how many. `line`: that of the first. */
  read(bytes: Uint8Array, base: number, start: number, line: number): number {
    const { columns, kinds, rows, comment } = this;
    const width = columns.length;
    const stop = lastLineEnd(bytes);
    let count = 0;
    let at = start;
    while (at <= stop) {
      const first = bytes[at]!;
      if (first === comment || (kinds[first]! >= LF && kinds[first]! <= CR && count > 0)) break;
      const row = rows.rows;
      let i = at;
      let field = 0;
      for (; field < width; field += 1) {
        i = this.cell(bytes, i, columns[field], row);
        if (i === NOT_SIMPLE) break;
        if (kinds[bytes[i]!]! !== DELIMITER) break;
        i += 1;
      }
      const kind = i < 0 ? PLAIN : kinds[bytes[i]!]!;
      const simple = field === width - 1 && (kind === LF || (kind === CR && i < stop)) && i - at < this.recordBytes;
      if (simple) this.putPlace(row, line + count, base + at, i - at);
      if (!simple || !rows.endRow()) {
        rows.rollback();
        break;
      }
      count += 1;
      at = kind === CR && bytes[i + 1] === 0x0a ? i + 2 : i + 1;
    }
    this.end = at;
    return count;
  }

  private putPlace(row: number, line: number, offset: number, length: number): void {
    const { rows, place } = this;
    rows.line = line;
    if (line > MOST_WORD || offset > MOST_WORD) {
      rows.integer(place, line);
      rows.integer(place + 1, offset);
      rows.integer(place + 2, length);
      return;
    }
    putWord(rows.buffers[place]!, row, line);
    putWord(rows.buffers[place + 1]!, row, offset);
    putWord(rows.buffers[place + 2]!, row, length);
  }

  /** Puts the cell that begins at `begin`, and returns where it ends: normally at a delimiter or line end. */
  private cell(bytes: Uint8Array, begin: number, column: ColumnBuffer | undefined, row: number): number {
    let i = begin;
    let byte = bytes[i]!;
    if (byte === this.quote) return this.quoted(bytes, begin + 1, column, row);
    const { kinds } = this;
    if (column === undefined || kinds[byte] !== PLAIN) {
      while (kinds[bytes[i]!] === PLAIN) i += 1;
      return i;
    }
    switch (column.kind) {
      case INTEGER: {
        let value = byte - ZERO;
        if (value >>> 0 > 9 || value === 0) break;
        i += 1;
        for (; (byte = bytes[i]! - ZERO) >>> 0 <= 9; i += 1) value = (value * 10 + byte) | 0;
        if (i - begin > SHORT) break;
        putWord(column, row, value);
        return i;
      }
      case DECIMAL: {
        let value = byte - ZERO;
        if (value >>> 0 > 9) break;
        const zero = value === 0;
        i += 1;
        for (; (byte = bytes[i]! - ZERO) >>> 0 <= 9; i += 1) value = (value * 10 + byte) | 0;
        const whole = i - begin;
        let missing = column.scale;
        if (bytes[i] === POINT) {
          i += 1;
          for (; (byte = bytes[i]! - ZERO) >>> 0 <= 9; i += 1) value = (value * 10 + byte) | 0;
          missing -= i - begin - whole - 1;
          if (missing < 0 || missing === column.scale) break;
        }
        if (zero ? whole > 1 : whole > column.precision - column.scale) break;
        if (whole + column.scale > SHORT) break;
        for (; missing > 0; missing -= 1) value *= 10;
        putWord(column, row, value);
        return i;
      }
      case DATE: {
        if (begin + DATE_LENGTH >= bytes.length) break;
        const days = parseDate(bytes, begin, begin + DATE_LENGTH);
        if (days === NO_DATE) break;
        column.words[row] = days;
        column.valid[row] = 1;
        return begin + DATE_LENGTH;
      }
      case TEXT:
        i = skipPairs(bytes, i, this.plainPairs);
        while (kinds[bytes[i]!] === PLAIN) i += 1;
        if (column.required && isBlank(bytes, begin, i)) return NOT_SIMPLE;
        column.putText(row, bytes, begin, i);
        return i;
    }
    while (kinds[bytes[i]!] === PLAIN) i += 1;
    return parseCell(bytes, begin, i, column, row) ? i : NOT_SIMPLE;
  }

  /** Puts the cell whose value begins at `begin`, behind its quote. */
  private quoted(bytes: Uint8Array, begin: number, column: ColumnBuffer | undefined, row: number): number {
    const { quote } = this;
    let i = skipPairs(bytes, begin, this.quotedPairs);
    while (bytes[i] !== quote && bytes[i] !== 0x0a && bytes[i] !== 0x0d) i += 1;
    if (bytes[i] !== quote) return NOT_SIMPLE;
    if (column === undefined) return i + 1;
    if (column.kind === TEXT) {
      if (column.required && isBlank(bytes, begin, i)) return NOT_SIMPLE;
      column.putText(row, bytes, begin, i);
    } else if (begin < i && !parseCell(bytes, begin, i, column, row)) return NOT_SIMPLE;
    return i + 1;
  }
}

/** Puts a number that is not negative into a column of 64-bit numbers. */
function putWord(column: ColumnBuffer, row: number, value: number): void {
  column.words[2 * row] = value;
  column.words[2 * row + 1] = 0;
  column.valid[row] = 1;
}

/** Puts a value of any type but text. False: it does not fit, and nothing was put. */
function parseCell(bytes: Uint8Array, from: number, to: number, column: ColumnBuffer, row: number): boolean {
  const { words } = column;
  switch (column.kind) {
    case INTEGER:
      if (!parseInteger(bytes, from, to, words, 2 * row)) return false;
      break;
    case DECIMAL:
      if (!parseDecimal(bytes, from, to, column.precision, column.scale, words, 2 * row)) return false;
      break;
    case DATE:
      words[row] = parseDate(bytes, from, to);
      if (words[row] === NO_DATE) return false;
      break;
    case TIMESTAMP:
      if (!parseTimestamp(bytes, from, to, words, 2 * row)) return false;
      break;
    case TIMESTAMPTZ:
      if (!parseInstant(bytes, from, to, words, 2 * row)) return false;
      break;
    case BOOLEAN:
      words[row] = parseBoolean(bytes, from, to);
      if (words[row] === -1) return false;
      break;
  }
  column.valid[row] = 1;
  return true;
}

/** Goes on from `from` by four bytes for as long as no pair of them stops it. */
function skipPairs(bytes: Uint8Array, from: number, pairs: Uint8Array): number {
  const view = viewOf(bytes);
  const end = bytes.length - 4;
  let i = from;
  for (; i <= end; i += 4) {
    const four = view.getInt32(i, true);
    if (pairs[four & 0xffff]! + pairs[four >>> 16]! > 0) break;
  }
  return i;
}

function pairsWith(stops: readonly number[]): Uint8Array {
  const pairs = new Uint8Array(0x1_0000);
  for (const stop of stops) {
    pairs.fill(1, stop << 8, (stop + 1) << 8);
    for (let high = 0; high < 256; high += 1) pairs[stop | (high << 8)] = 1;
  }
  return pairs;
}

/** Where the last line end stands; -1: there is none. */
function lastLineEnd(bytes: Uint8Array): number {
  let i = bytes.length - 1;
  while (i >= 0 && bytes[i] !== 0x0a && bytes[i] !== 0x0d) i -= 1;
  return i;
}
