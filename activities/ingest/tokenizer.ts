import { isUtf8 } from 'node:buffer';
import {
  DOUBLED,
  LIMITS,
  MAX_COLUMNS,
  QUOTED,
  SPECIAL,
  type CsvRecord,
  type Dialect,
  type Limits,
} from './csv-record.ts';

/** Kinds of bytes; what is below `STRUCTURE` has no meaning inside quotes. */
const PLAIN = 0;
const DELIMITER = 1;
const STRUCTURE = 2;
const LF = 2;
const CR = 3;
const QUOTE = 4;
const NUL = 5;
const ODD = 6;

/** What `record` answers instead of a position. */
const NEEDS_MORE = -1;

/**
 * Splits delimited text (RFC 4180) into records, from bytes, without ever guessing.
 *
 * - LF, CRLF and a lone CR each end a record, anywhere outside quotes. The last record may lack its line end.
 * - A byte-order mark at the start is dropped. An empty line is no record, except where the header has one column:
 *   there it is a record whose value is NULL, as that is how a one-column NULL is written.
 * - The first record is the header; a record with another number of fields is broken.
 * - Spaces belong to the value. A quote counts only as the first byte of a field.
 * - When a quoted field passes a line end and then turns out wrong (never closed, or followed by text), its quote is
 *   taken for a stray one: the record ends with the line on which that quote stands, and reading resumes on the next.
 */
export class Tokenizer implements CsvRecord {
  bytes: Uint8Array = new Uint8Array();
  start = 0;
  end = 0;
  line = 1;
  offset = 0;
  fields = 0;
  from = new Int32Array(MAX_COLUMNS);
  to = new Int32Array(MAX_COLUMNS);
  marks = new Uint8Array(MAX_COLUMNS);
  defect: string | undefined;

  /** Fields of the header; 0 until it was read. */
  width = 0;
  private readonly kinds = new Uint8Array(256);
  private readonly quote: number;
  /** No byte from here on has a meaning. */
  private readonly plainFrom: number;
  private readonly limits: Limits;
  private readonly onRecord: (record: CsvRecord) => void;
  private nextLine = 1;
  private begun = false;
  private skipping = false;
  private stopped = false;
  /** Something in this window is not UTF-8: each record must be looked at by itself. */
  private suspect = false;

  constructor(dialect: Dialect, onRecord: (record: CsvRecord) => void, limits: Limits = LIMITS) {
    this.onRecord = onRecord;
    this.limits = limits;
    this.quote = dialect.quote.charCodeAt(0);
    this.plainFrom = Math.max(0x22, this.quote, dialect.delimiter.charCodeAt(0)) + 1;
    this.kinds[0x22] = ODD;
    this.kinds[0x01] = ODD;
    this.kinds[0x00] = NUL;
    this.kinds[0x0a] = LF;
    this.kinds[0x0d] = CR;
    this.kinds[dialect.delimiter.charCodeAt(0)] = DELIMITER;
    this.kinds[this.quote] = QUOTE;
  }

  /** No further record is given out; `consume` takes everything from now on. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Reads whole records from `window`, whose first byte stands at `base` in the file, and returns how many bytes it took.
   * The rest must come again at the front of the next window. `last`: nothing follows.
   */
  consume(window: Uint8Array, base: number, last: boolean): number {
    this.bytes = window;
    const end = window.length;
    this.suspect = !isUtf8(window.subarray(0, last ? end : wholeCharacters(window)));
    let at = 0;
    if (!this.begun) {
      if (end < 3 && !last) return 0;
      this.begun = true;
      if (window[0] === 0xef && window[1] === 0xbb && window[2] === 0xbf) at = 3;
    }
    while (at < end && !this.stopped) {
      if (this.skipping) {
        const after = this.lineEnd(window, at, last);
        if (after === NEEDS_MORE) return window[end - 1] === 0x0d && !last ? end - 1 : end;
        this.skipping = false;
        at = after;
        continue;
      }
      const kind = this.kinds[window[at]!]!;
      if ((kind === LF || kind === CR) && this.width !== 1) {
        if (kind === CR && at + 1 === end && !last) return at;
        at += kind === CR && window[at + 1] === 0x0a ? 2 : 1;
        this.nextLine += 1;
        continue;
      }
      this.offset = base + at;
      const next = this.record(window, at, last);
      if (next === NEEDS_MORE) return at;
      at = next;
    }
    return this.stopped ? end : at;
  }

  /** The position after the next line end, from which on a record can start again. */
  private lineEnd(window: Uint8Array, at: number, last: boolean): number {
    for (let i = at; i < window.length; i += 1) {
      const byte = window[i];
      if (byte === 0x0a) return i + 1;
      if (byte !== 0x0d) continue;
      if (i + 1 < window.length) return window[i + 1] === 0x0a ? i + 2 : i + 1;
      return last ? i + 1 : NEEDS_MORE;
    }
    return NEEDS_MORE;
  }

  /** Reads the record at `start`, gives it out, and returns where the next one starts. */
  private record(window: Uint8Array, start: number, last: boolean): number {
    const { kinds, quote, plainFrom, from, to, marks } = this;
    const end = window.length;
    const stop = Math.min(end, start + this.limits.recordBytes);
    const kept = this.width === 0 ? MAX_COLUMNS : this.width;
    this.line = this.nextLine;
    let i = start;
    let fields = 0;
    let lines = 0;
    let nul = false;
    let defect: string | undefined;

    for (;;) {
      let begin = i;
      let finish = -1;
      let mark = 0;

      if (i < stop && window[i] === quote) {
        begin = i += 1;
        mark = QUOTED;
        let lineBreak = -1;
        const linesBefore = lines;
        let stray = false;
        for (;;) {
          let byte = 0;
          while (i < stop && kinds[(byte = window[i]!)]! < STRUCTURE) i += 1;
          if (i >= stop) {
            if (stop === end && !last) return NEEDS_MORE;
            // The end of the file, or too long: a field that went over a line end is a stray quote.
            stray = stop === end || lineBreak >= 0;
            break;
          }
          if (byte !== quote) {
            const kind = kinds[byte]!;
            if (kind === NUL) nul = true;
            else mark |= SPECIAL;
            if (kind === LF || kind === CR) {
              if (lineBreak < 0) lineBreak = i;
              if (kind === LF || (i + 1 < end && window[i + 1] !== 0x0a)) lines += 1;
              if (lines - linesBefore > this.limits.quotedLines) {
                stray = true;
                break;
              }
            }
            i += 1;
            continue;
          }
          if (i + 1 === end && !last) return NEEDS_MORE;
          if (i + 1 < stop && window[i + 1] === quote) {
            mark |= DOUBLED;
            i += 2;
            continue;
          }
          finish = i;
          i += 1;
          const after = i < stop ? kinds[window[i]!]! : LF;
          if (after !== DELIMITER && after !== LF && after !== CR) {
            if (lineBreak >= 0) stray = true;
            else defect ??= 'text after a closing quote';
          }
          break;
        }
        if (stray) {
          const cut = lineBreak < 0 ? end : lineBreak;
          this.emit(start, cut, fields + 1, 'quote is never closed');
          this.nextLine = this.line + linesBefore + 1;
          return window[cut] === 0x0d && window[cut + 1] === 0x0a ? cut + 2 : Math.min(cut + 1, end);
        }
      }

      // An unquoted field, or what wrongly stands after a closing quote.
      let byte = 0;
      let kind = PLAIN;
      for (;;) {
        while (i < stop && (byte = window[i]!) >= plainFrom) {
          i += 1;
        }
        if (i >= stop || ((kind = kinds[byte]!) !== PLAIN && kind <= CR)) break;
        if (kind === NUL) nul = true;
        else if (kind === ODD) mark |= SPECIAL;
        else if (kind === QUOTE && finish < 0) defect ??= 'quote inside an unquoted field';
        i += 1;
      }
      if (i >= stop) {
        if (stop < end) {
          this.emit(start, stop, fields + 1, `longer than ${this.limits.recordBytes / 1024 / 1024} MB`);
          this.nextLine = this.line + lines + 1;
          this.skipping = true;
          return stop;
        }
        if (!last) return NEEDS_MORE;
      } else if (kind === CR && i + 1 === end && !last) return NEEDS_MORE;

      if (fields < kept) {
        from[fields] = begin;
        to[fields] = finish < 0 ? i : finish;
        marks[fields] = mark;
      }
      fields += 1;
      if (i < stop && kind === DELIMITER) {
        i += 1;
        continue;
      }

      if (defect === undefined) {
        if (nul) defect = 'NUL byte';
        else if (this.suspect && !isUtf8(window.subarray(start, i))) defect = 'not UTF-8';
        else if (this.width === 0) {
          if (fields > MAX_COLUMNS) defect = `more than ${MAX_COLUMNS} columns`;
        } else if (fields !== this.width) {
          defect = `${fields} ${fields === 1 ? 'field' : 'fields'} where the header has ${this.width}`;
        }
      }
      this.emit(start, i, fields, defect);
      this.nextLine = this.line + lines + 1;
      if (i >= stop) return end;
      return kind === CR && window[i + 1] === 0x0a ? i + 2 : i + 1;
    }
  }

  private emit(start: number, end: number, fields: number, defect: string | undefined): void {
    this.start = start;
    this.end = end;
    this.fields = fields;
    this.defect = defect;
    this.onRecord(this);
    if (this.width === 0) this.width = Math.min(fields, MAX_COLUMNS);
  }
}

/** The bytes of `window` without a character that is cut off at its end. */
function wholeCharacters(window: Uint8Array): number {
  let end = window.length;
  for (let back = 0; back < 3 && end > 0 && (window[end - 1]! & 0xc0) === 0x80; back += 1) end -= 1;
  return end > 0 && window[end - 1]! >= 0xc0 ? end - 1 : end;
}
