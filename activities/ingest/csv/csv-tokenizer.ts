import { isUtf8 } from 'node:buffer';
import { byteKinds, CR, DELIMITER, ENDS, LF, PLAIN } from './byte-kinds.ts';
import { DOUBLED, QUOTED, type CsvRecord } from './csv-record.ts';
import { byteOf, CSV_LIMITS, type CsvFormat, type CsvLimits } from './csv-format.ts';
import { hasNul, wholeCharacters } from './piece-check.ts';
import { QUOTE_DEFECTS } from './quote-defect.ts';

/** What `record` answers instead of a position. */
const NEEDS_MORE = -1;

/** Line ends in one quoted field from which on people are told. */
const MANY_LINES = 50;
const { stray: STRAY, inside: INSIDE, behind: BEHIND } = QUOTE_DEFECTS;

/** Who hears of what the tokenizer finds. */
export interface RecordHandler {
  /**
   * May read records by itself for as long as they are simple: bytes from `at` on, clean UTF-8, the first of them on
   * `line`. Returns how many; `quickEnd` is then where it stopped, the beginning of a line.
   */
  quick(bytes: Uint8Array, base: number, at: number, line: number): number;
  readonly quickEnd: number;
  good(record: CsvRecord): void;
  /** A record that cannot be read: `start` and `end` in `bytes`. */
  broken(defect: string, line: number, bytes: Uint8Array, base: number, start: number, end: number): void;
  /** Something that people should look at, in the record at this line. */
  suspicious(what: string, line: number): void;
}

/** The first reader: splits delimited text into records and fields by the rules of `CsvFormat`, without ever guessing. */
export class CsvTokenizer implements CsvRecord {
  /** Counted since `begin`. */
  records = 0;
  fields = 0;
  bytes: Uint8Array = new Uint8Array();
  base = 0;
  start = 0;
  end = 0;
  line = 1;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly marks: Uint8Array;
  private readonly format: CsvFormat;
  private readonly kinds: Uint8Array;
  private readonly quote: number;
  private readonly comment: number;
  private readonly width: number;
  private readonly handler: RecordHandler;
  private readonly limits: CsvLimits;
  private nextLine = 1;
  private mark = false;
  private header = false;
  private skipping = false;
  /** Something in these bytes is NUL or not UTF-8: each record must be looked at by itself. */
  private unclean = false;

  constructor(format: CsvFormat, handler: RecordHandler, limits: CsvLimits = CSV_LIMITS) {
    this.format = format;
    this.handler = handler;
    this.limits = limits;
    this.width = format.names.length;
    this.from = new Int32Array(this.width);
    this.to = new Int32Array(this.width);
    this.marks = new Uint8Array(this.width);
    this.quote = byteOf(format.quote);
    this.comment = byteOf(format.comment);
    this.kinds = byteKinds(format);
  }

  /** Goes to the beginning of a window. `first`: it is the file's first. */
  begin(line: number, first: boolean): void {
    this.records = 0;
    this.fields = 0;
    this.nextLine = line;
    this.mark = first;
    this.header = first && this.format.header;
    this.skipping = false;
  }

  /**
   * Reads whole records from `bytes`, which begin at `base` of the file, and returns how many bytes it took.
   * The rest must come again, with more behind it. `last`: the window ends here.
   */
  consume(bytes: Uint8Array, base: number, last: boolean): number {
    this.bytes = bytes;
    this.base = base;
    this.unclean = hasNul(bytes) || !isUtf8(last ? bytes : bytes.subarray(0, wholeCharacters(bytes)));
    return this.readRecords(bytes, base, last);
  }

  private readRecords(bytes: Uint8Array, base: number, last: boolean): number {
    const end = bytes.length;
    let at = 0;
    if (this.mark) {
      if (end < 3 && !last) return 0;
      this.mark = false;
      if (base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
    }
    while (at < end) {
      if (this.skipping) {
        const after = lineEnd(bytes, at, last);
        if (after === NEEDS_MORE) return bytes[end - 1] === 0x0d && !last ? end - 1 : end;
        this.skipping = false;
        at = after;
        continue;
      }
      const byte = bytes[at]!;
      if ((byte === 0x0a || byte === 0x0d) && (this.width !== 1 || this.header)) {
        if (byte === 0x0d && at + 1 === end && !last) return at;
        at += byte === 0x0d && bytes[at + 1] === 0x0a ? 2 : 1;
        this.nextLine += 1;
      } else if (byte === this.comment) {
        this.nextLine += 1;
        this.skipping = true;
      } else {
        if (!this.unclean && !this.header) {
          const count = this.handler.quick(bytes, base, at, this.nextLine);
          if (count > 0) {
            this.records += count;
            this.fields += count * this.width;
            this.nextLine += count;
            at = this.handler.quickEnd;
            continue;
          }
        }
        const next = this.record(bytes, at, last);
        if (next === NEEDS_MORE) return at;
        at = next;
      }
    }
    return at;
  }

  /** Reads the record at `start`, gives it out, and returns where the next one starts. */
  private record(bytes: Uint8Array, start: number, last: boolean): number {
    const { kinds, quote, width, from, to, marks } = this;
    const end = bytes.length;
    const stop = Math.min(end, start + this.limits.recordBytes);
    let i = start;
    let fields = 0;
    let lines = 0;
    let manyLines = false;
    let defect: string | undefined;

    for (;;) {
      let begin = i;
      let finish = -1;
      let mark = 0;

      if (i < stop && bytes[i] === quote) {
        begin = i += 1;
        mark = QUOTED;
        let lineBreak = -1;
        const linesBefore = lines;
        let stray = false;
        for (;;) {
          let byte = 0;
          while (i < stop && ((byte = bytes[i]!) > 0x0d || kinds[byte]! < LF) && byte !== quote) i += 1;
          if (i >= stop) {
            if (stop === end && !last) return NEEDS_MORE;
            // The end of the file, or too long: a field that went over a line end is a stray quote.
            stray = stop === end || lineBreak >= 0;
            break;
          }
          if (byte !== quote) {
            if (lineBreak < 0) lineBreak = i;
            if (byte === 0x0a || (i + 1 < end && bytes[i + 1] !== 0x0a)) lines += 1;
            if (lines - linesBefore > this.limits.quotedLines) {
              stray = true;
              break;
            }
            i += 1;
            continue;
          }
          if (i + 1 === end && !last) return NEEDS_MORE;
          if (i + 1 < stop && bytes[i + 1] === quote) {
            mark = QUOTED | DOUBLED;
            i += 2;
            continue;
          }
          finish = i;
          i += 1;
          const after = i < stop ? kinds[bytes[i]!]! : LF;
          if (after === PLAIN || after > ENDS) {
            if (lineBreak >= 0) stray = true;
            else defect ??= BEHIND;
          }
          break;
        }
        if (stray) {
          const cut = lineBreak < 0 ? end : lineBreak;
          this.finish(start, cut, fields + 1, this.nextLine + linesBefore + 1, STRAY);
          return bytes[cut] === 0x0d && bytes[cut + 1] === 0x0a ? cut + 2 : Math.min(cut + 1, end);
        }
        if (lines - linesBefore > MANY_LINES) manyLines = true;
      }

      // An unquoted field, or what wrongly stands after a closing quote.
      let kind = PLAIN;
      for (;;) {
        while (i < stop && (kind = kinds[bytes[i]!]!) === PLAIN) i += 1;
        if (i >= stop || kind <= ENDS) break;
        if (finish < 0) defect ??= INSIDE;
        i += 1;
      }
      if (i >= stop) {
        if (stop < end) {
          const mb = this.limits.recordBytes / 1024 / 1024;
          this.finish(start, stop, fields + 1, this.nextLine + lines + 1, `longer than ${mb} MB`);
          this.skipping = true;
          return stop;
        }
        if (!last) return NEEDS_MORE;
      } else if (kind === CR && i + 1 === end && !last) return NEEDS_MORE;

      if (fields < width) {
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
        if (this.unclean) defect = uncleanDefect(bytes.subarray(start, i));
        if (defect === undefined && fields !== width) {
          defect = `${fields} ${fields === 1 ? 'field' : 'fields'} where the header has ${width}`;
        }
      }
      if (manyLines) this.handler.suspicious(`a quoted field of more than ${MANY_LINES} lines`, this.nextLine);
      this.finish(start, i, fields, this.nextLine + lines + 1, defect);
      if (i >= stop) return end;
      return kind === CR && bytes[i + 1] === 0x0a ? i + 2 : i + 1;
    }
  }

  /** Counts a record, and hands it on. */
  private finish(start: number, end: number, fields: number, nextLine: number, defect: string | undefined): void {
    this.line = this.nextLine;
    this.nextLine = nextLine;
    if (this.header) {
      this.header = false;
      return;
    }
    this.records += 1;
    this.fields += fields;
    if (defect !== undefined) {
      if (defect === STRAY || defect === INSIDE || defect === BEHIND) this.handler.suspicious(defect, this.line);
      this.handler.broken(defect, this.line, this.bytes, this.base, start, end);
      return;
    }
    this.start = start;
    this.end = end;
    this.handler.good(this);
  }
}

/** The position after the next line end, from which on a record can start again. */
function lineEnd(bytes: Uint8Array, at: number, last: boolean): number {
  for (let i = at; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === 0x0a) return i + 1;
    if (byte !== 0x0d) continue;
    if (i + 1 < bytes.length) return bytes[i + 1] === 0x0a ? i + 2 : i + 1;
    return last ? i + 1 : NEEDS_MORE;
  }
  return NEEDS_MORE;
}

function uncleanDefect(record: Uint8Array): string | undefined {
  if (hasNul(record)) return 'NUL byte';
  return isUtf8(record) ? undefined : 'not UTF-8';
}
