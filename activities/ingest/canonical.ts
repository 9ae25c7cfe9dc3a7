import type { ByteSink } from './byte-sink.ts';
import { DOUBLED, QUOTED, type CsvRecord, type Dialect } from './csv-record.ts';

/**
 * The canonical file: how the tokenizer hands records to DuckDB so that nothing is left to decide. No header, LF, the
 * file's own delimiter. NULL is nothing at all; a value that was quoted stands between `"`. Inside a value the four bytes
 * that could mean something to a reader are written as two: 0x01 and a letter. So a line end always ends a row, and a `"`
 * always begins or ends a value, wherever a parallel reader starts.
 */
const ESCAPE = 0x01;
const LETTER_OF = new Uint8Array(256);
LETTER_OF[ESCAPE] = 0x41;
LETTER_OF[0x0a] = 0x42;
LETTER_OF[0x0d] = 0x43;
LETTER_OF[0x22] = 0x44;

const COMMA = 0x2c;
const MARK = 0x22;
const LINE_END = 0x0a;
/** Shorter copies are faster byte by byte. */
const SHORT = 128;

/** SQL that gives back the value as it was. In this order: an escaped 0x01 must not meet the letter that follows it. */
export function decodeSql(expression: string): string {
  const steps = [
    ['D', '34'],
    ['C', '13'],
    ['B', '10'],
    ['A', '1'],
  ];
  return steps.reduce((sql, [letter, code]) => `replace(${sql}, chr(1) || '${letter}', chr(${code}))`, expression);
}

/** How one good record goes into the canonical file, and what is found on the way. */
export class CanonicalWriter {
  /** Per contract column: whether any value was written with escapes. */
  readonly escaped: boolean[];
  /** Bytes of the longest row. */
  longest = 0;
  private readonly sink: ByteSink;
  private readonly projection: Int32Array;
  private readonly quote: number;
  private readonly delimiter: number;

  /** `projection`: for each contract column, in order, the index of its field in the file. */
  constructor(sink: ByteSink, projection: readonly number[], dialect: Dialect) {
    this.sink = sink;
    this.projection = Int32Array.from(projection);
    this.quote = dialect.quote.charCodeAt(0);
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.escaped = projection.map(() => false);
  }

  /**
   * `line,offset,length,values…,proof`. A value must not come first: DuckDB takes U+FEFF there for a byte-order mark. The proof is the sum over all values of (position + 1) × (bytes + 1): DuckDB
   * computes it again from what it read, and a cell that was cut, emptied or moved changes it.
   */
  row(record: CsvRecord): void {
    const { sink, projection, delimiter } = this;
    const { bytes, from, to, marks } = record;
    const columns = projection.length;
    sink.room(2 * (record.end - record.start) + 3 * columns + 100);
    const out = sink.bytes;
    const before = sink.at;
    let at = before;
    at = writeInteger(record.line, out, at);
    out[at++] = delimiter;
    at = writeInteger(record.offset, out, at);
    out[at++] = delimiter;
    at = writeInteger(record.end - record.start, out, at);
    out[at++] = delimiter;
    let proof = 0;
    for (let i = 0; i < columns; i += 1) {
      let field = projection[i]!;
      let begin = from[field]!;
      if (marks[field] === 0) {
        // Fields that stand side by side in the file as in the contract go over in one piece.
        for (;;) {
          const length = to[field]! - from[field]!;
          if (length > 0) proof += (i + 1) * (length + 1);
          if (i + 1 === columns || projection[i + 1] !== field + 1 || marks[field + 1] !== 0) break;
          field += 1;
          i += 1;
        }
        const end = to[field]!;
        if (end - begin > SHORT) {
          out.set(bytes.subarray(begin, end), at);
          at += end - begin;
        } else while (begin < end) out[at++] = bytes[begin++]!;
      } else {
        const quoted = (marks[field]! & QUOTED) !== 0;
        const quote = (marks[field]! & DOUBLED) === 0 ? -1 : this.quote;
        const length = to[field]! - begin - (quote < 0 ? 0 : doubledQuotes(bytes, begin, to[field]!, quote));
        if (quoted || length > 0) proof += (i + 1) * (length + 1);
        out[at++] = MARK;
        const after = writeEscaped(bytes, begin, to[field]!, quote, out, at);
        if (after - at !== length) this.escaped[i] = true;
        at = after;
        out[at++] = MARK;
      }
      out[at++] = delimiter;
    }
    at = writeInteger(proof, out, at);
    out[at++] = LINE_END;
    sink.at = at;
    if (at - before > this.longest) this.longest = at - before;
  }
}

/**
 * A row of whole numbers and texts in the same spelling, with commas; the texts are all to be decoded. Returns its bytes.
 */
export function writeRow(sink: ByteSink, numbers: readonly number[], texts: readonly string[]): number {
  const values = texts.map((text) => Buffer.from(text, 'utf8'));
  sink.room(values.reduce((sum, value) => sum + 2 * value.length + 3, 0) + 17 * numbers.length + 1);
  const out = sink.bytes;
  let at = sink.at;
  for (const number of numbers) {
    at = writeInteger(number, out, at);
    out[at++] = COMMA;
  }
  values.forEach((value, index) => {
    if (index > 0) out[at++] = COMMA;
    out[at++] = MARK;
    at = writeEscaped(value, 0, value.length, -1, out, at);
    out[at++] = MARK;
  });
  out[at++] = LINE_END;
  const length = at - sink.at;
  sink.at = at;
  return length;
}

function doubledQuotes(bytes: Uint8Array, from: number, to: number, quote: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) if (bytes[i] === quote) count += 1;
  return count / 2;
}

/** `quote`: the quote that stands doubled in the value, or -1. Returns the position after what it wrote. */
function writeEscaped(bytes: Uint8Array, from: number, to: number, quote: number, out: Uint8Array, start: number) {
  let at = start;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i]!;
    if (byte === quote) i += 1;
    const letter = LETTER_OF[byte]!;
    if (letter === 0) out[at++] = byte;
    else {
      out[at++] = ESCAPE;
      out[at++] = letter;
    }
  }
  return at;
}

/** A whole number, not negative, in decimal digits. */
function writeInteger(value: number, out: Uint8Array, start: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits += 1;
  let rest = value;
  let i = start + digits - 1;
  for (; rest > 0x7fffffff; i -= 1) {
    const tens = Math.floor(rest / 10);
    out[i] = 48 + rest - tens * 10;
    rest = tens;
  }
  for (let small = rest | 0; i >= start; i -= 1) {
    const tens = (small / 10) | 0;
    out[i] = 48 + small - tens * 10;
    small = tens;
  }
  return start + digits;
}
