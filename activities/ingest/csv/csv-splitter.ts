import type { SplitOptions } from '../rows/format-reader.ts';
import type { Splitter, Window } from '../rows/reading.ts';
import { STEP, TURN, weigh, weightsOfPairs } from './byte-weights.ts';
import { byteOf, CSV_LIMITS, type CsvFormat, type CsvLimits } from './csv-format.ts';

/** Where in a record a byte stands. */
const RECORD = 0;
const FIELD = 1;
const TEXT = 2;
const QUOTED = 3;
const QUOTED_CR = 4;
const QUOTE = 5;
const SKIPPED = 6;
/** A CR has ended the line; an LF behind it belongs to it. */
const ENDED_CR = 7;

const LF = 0x0a;
const CR = 0x0d;

/**
 * The second reader: a machine that goes from byte to byte and keeps counts, but no records. It shares the written rules of
 * `CsvFormat` with the first reader, and no code. Where a quote turns out a stray one it has the file read again from the
 * line after it, so it needs no memory of the record it is in.
 */
export class CsvSplitter implements Splitter {
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly comment: number;
  private readonly oneColumn: boolean;
  private readonly limits: CsvLimits;
  private readonly windowBytes: number;
  private readonly start: number;
  private readonly weights: Uint16Array;

  private state = RECORD;
  /** First byte of the record that is read. */
  private recordStart = 0;
  /** Line ends before the byte that is read. */
  private lines: number;
  private header: boolean;
  /** Of the quoted field that is read: where the line after its opening quote begins (-1: none so far), and its line ends. */
  private afterBreak = -1;
  private breaks = 0;
  private breakLine = 0;

  private index: number;
  private windowStart: number;
  private windowLine: number;
  private windowRecord: number;
  private records = 0;
  private fields = 0;

  constructor(format: CsvFormat, options: SplitOptions, limits: CsvLimits = CSV_LIMITS) {
    const { from } = options;
    this.delimiter = byteOf(format.delimiter);
    this.quote = byteOf(format.quote);
    this.comment = byteOf(format.comment);
    this.weights = weightsOfPairs(this.delimiter, [LF, CR, this.quote]);
    this.oneColumn = format.names.length === 1;
    this.limits = limits;
    this.windowBytes = options.windowBytes;
    this.index = from?.index ?? 0;
    this.start = from?.start ?? format.start;
    this.header = format.header && this.index === 0;
    this.lines = (from?.line ?? format.startLine) - 1;
    this.windowStart = this.start;
    this.windowLine = this.lines + 1;
    this.windowRecord = from?.record ?? 1;
  }

  /** Pieces before the last have three bytes or more: a byte-order mark is not cut. */
  feed(bytes: Uint8Array, base: number, last: boolean, found: (window: Window) => void): number {
    const end = base + bytes.length;
    let next = Math.min(end, Math.max(base, this.start));
    // A byte-order mark belongs to the first window, and to no record.
    if (next === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) next = 3;
    next = this.read(bytes, next - base, base, found);
    return last && next === end ? this.finish(end, found) : next;
  }

  private read(bytes: Uint8Array, from: number, base: number, found: (window: Window) => void): number {
    const end = bytes.length;
    const { delimiter, quote, weights } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    let i = from;
    while (i < end) {
      const byte = bytes[i]!;
      switch (this.state) {
        case RECORD:
          if (this.records > 0 && base + i - this.windowStart >= this.windowBytes) this.close(base + i, found);
          if (byte === this.comment) {
            this.state = SKIPPED;
            i += 1;
          } else if ((byte === LF || byte === CR) && (!this.oneColumn || this.header)) {
            i = this.lineEnd(byte, i);
          } else {
            this.recordStart = base + i;
            this.state = FIELD;
          }
          break;

        case FIELD:
          if (this.tooLong(base + i)) break;
          if (byte === quote) {
            this.openQuote();
            i += 1;
          } else this.state = TEXT;
          break;

        case TEXT: {
          const stop = Math.min(end, this.recordStart + this.limits.recordBytes - base);
          let fields = 0;
          for (; i + STEP <= stop; i += STEP) {
            const weight = weigh(view, i, weights);
            if (weight >= TURN) break;
            fields += weight;
          }
          // A field may begin here, and with a quote.
          let next = i > 0 ? bytes[i - 1]! : 0;
          const edge = Math.min(stop, i + STEP);
          for (; i < edge; i += 1) {
            const before = next;
            next = bytes[i]!;
            if (next === delimiter) fields += 1;
            else if (next === LF || next === CR || (next === quote && before === delimiter)) break;
          }
          this.fields += fields;
          if (i < edge) {
            if (next === quote) {
              this.openQuote();
              i += 1;
              break;
            }
            this.endRecord();
            i = this.lineEnd(next, i);
            // Straight on where the next line begins like most.
            if (next === LF && i < end && this.beginsPlain(bytes[i]!, base + i)) {
              this.recordStart = base + i;
              this.state = TEXT;
            }
          } else if (i < end) this.tooLong(base + i);
          else if (next === delimiter) this.state = FIELD;
          break;
        }

        case QUOTED: {
          const stop = Math.min(end, this.recordStart + this.limits.recordBytes - base);
          while (i + STEP <= stop && weigh(view, i, weights) < TURN) i += STEP;
          let next = 0;
          for (; i < stop; i += 1) {
            next = bytes[i]!;
            if (next === quote || next === LF || next === CR) break;
          }
          if (i >= stop) {
            if (i >= end) break;
            if (this.afterBreak >= 0) return this.giveBack();
            this.tooLong(base + i);
          } else if (next === quote) {
            this.state = QUOTE;
            i += 1;
          } else if (next === LF) {
            if (this.lineBreak(base + i + 1)) return this.giveBack();
            i += 1;
          } else {
            this.state = QUOTED_CR;
            i += 1;
          }
          break;
        }

        case QUOTED_CR:
          this.state = QUOTED;
          if (byte === LF) i += 1;
          if (this.lineBreak(base + i)) return this.giveBack();
          break;

        case QUOTE:
          if (this.tooLong(base + i)) break;
          if (byte === quote) {
            this.state = QUOTED;
            i += 1;
          } else if (byte === LF) {
            this.endRecord();
            i = this.lineEnd(byte, i);
          } else if (byte === delimiter || byte === CR || this.afterBreak < 0) this.state = TEXT;
          else return this.giveBack();
          break;

        case SKIPPED: {
          while (i < end && bytes[i] !== LF && bytes[i] !== CR) i += 1;
          if (i < end) i = this.lineEnd(bytes[i]!, i);
          break;
        }

        default:
          this.state = RECORD;
          if (byte === LF) i += 1;
      }
    }
    return base + end;
  }

  /** The file ends. A quoted field that is open over a line end is given back first. */
  private finish(at: number, found: (window: Window) => void): number {
    if (this.state === QUOTED_CR) this.lineBreak(at);
    if ((this.state === QUOTED || this.state === QUOTED_CR) && this.afterBreak >= 0) {
      const next = this.giveBack();
      if (next < at) return next;
    }
    if (this.state >= FIELD && this.state <= QUOTE) this.endRecord();
    this.state = RECORD;
    if (at > this.windowStart) this.close(at, found);
    return at;
  }

  private openQuote(): void {
    this.state = QUOTED;
    this.afterBreak = -1;
    this.breaks = 0;
  }

  /** Whether a record begins at `at`, with text, and in the same window. */
  private beginsPlain(byte: number, at: number): boolean {
    if (at - this.windowStart >= this.windowBytes) return false;
    return byte !== LF && byte !== CR && byte !== this.quote && byte !== this.comment;
  }

  /** Takes the line end at `i`, which stands outside quotes. */
  private lineEnd(byte: number, i: number): number {
    this.lines += 1;
    this.state = byte === CR ? ENDED_CR : RECORD;
    return i + 1;
  }

  /** Notes a line end inside quotes, before byte `after`. True: there are too many. */
  private lineBreak(after: number): boolean {
    this.lines += 1;
    this.breaks += 1;
    if (this.afterBreak < 0) {
      this.afterBreak = after;
      this.breakLine = this.lines;
    }
    return this.breaks > this.limits.quotedLines;
  }

  /** A stray quote: its record ends with its line, and reading goes on behind that. */
  private giveBack(): number {
    this.lines = this.breakLine;
    this.endRecord();
    this.state = RECORD;
    return this.afterBreak;
  }

  /** Whether the record would go on with the byte at `at`, and may not. */
  private tooLong(at: number): boolean {
    if (at - this.recordStart < this.limits.recordBytes) return false;
    this.endRecord();
    this.state = SKIPPED;
    return true;
  }

  private endRecord(): void {
    this.records += 1;
    this.fields += 1;
    if (!this.header) return;
    this.header = false;
    this.records = 0;
    this.fields = 0;
  }

  private close(end: number, found: (window: Window) => void): void {
    found({
      index: this.index,
      start: this.windowStart,
      end,
      line: this.windowLine,
      record: this.windowRecord,
      records: this.records,
      fields: this.fields,
    });
    this.index += 1;
    this.windowStart = end;
    this.windowLine = this.lines + 1;
    this.windowRecord += this.records;
    this.records = 0;
    this.fields = 0;
  }
}
