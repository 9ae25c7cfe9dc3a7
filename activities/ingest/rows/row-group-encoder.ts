import { readNear } from '../types/int64.ts';
import type { ByteWriter } from './byte-writer.ts';
import { BOOLEAN, type ColumnBuffer, TEXT } from './column-buffer.ts';
import { estimateDeltas, MOST_DELTA_SPAN, MOST_DELTA_VALUE, writeDeltas } from './delta-packing.ts';
import { MOST_SPAN, NumberDictionary } from './number-dictionary.ts';
import { PageWriter } from './page-writer.ts';
import { type ChunkMeta, DELTA, DICTIONARY, PLAIN, RLE } from './parquet-metadata.ts';
import type { RowBuilder } from './row-builder.ts';
import { bitsFor, writeHybrid } from './run-lengths.ts';

/** A row group as bytes that have no place in a file yet. Valid until its encoder encodes the next. */
export interface EncodedRowGroup {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly chunks: readonly ChunkMeta[];
}

const PAGE_BYTES = 1 << 20;
/** What Snappy leaves of plain numbers, nearly: against this the other encodings are weighed. */
const SNAPPY_SHARE = 0.6;

/** Makes Parquet row groups of the rows of builders. One for each thread: its arrays are re-used. */
export class RowGroupEncoder {
  private readonly pageBytes: number;
  private readonly pages = new PageWriter();
  private readonly numbers = new NumberDictionary();
  private packed = new Int32Array(0);

  /** `pageBytes`: of a page, nearly, before compression; for tests. */
  constructor(pageBytes = PAGE_BYTES) {
    this.pageBytes = pageBytes;
  }

  /** The builder keeps its rows; `clear` it for the next row group. */
  encode(builder: RowBuilder): EncodedRowGroup {
    this.pages.out.at = 0;
    const chunks = builder.rows === 0 ? [] : builder.buffers.map((buffer) => this.chunk(buffer, builder.rows));
    return { rows: builder.rows, bytes: this.pages.out.written(), chunks };
  }

  private chunk(buffer: ColumnBuffer, rows: number): ChunkMeta {
    const { pages } = this;
    const start = pages.out.at;
    pages.uncompressed = 0;
    const present = buffer.constant ? rows : buffer.present(rows);
    const range = buffer.kind === TEXT || buffer.kind === BOOLEAN ? undefined : buffer.range(rows);
    const { encoding, valuesAt } = this.column(buffer, rows, present);
    return {
      encodings:
        encoding === PLAIN ? [RLE, PLAIN] : encoding === DICTIONARY ? [RLE, PLAIN, DICTIONARY] : [RLE, encoding],
      dictionaryAt: valuesAt > start ? start : undefined,
      valuesAt,
      uncompressed: pages.uncompressed,
      compressed: pages.out.at - start,
      nulls: rows - present,
      least: range && bytesOf(range.least),
      greatest: range && bytesOf(range.greatest),
    };
  }

  private column(buffer: ColumnBuffer, rows: number, present: number): { encoding: number; valuesAt: number } {
    const valid = present === rows ? undefined : buffer.valid;
    if (buffer.constant) return this.constant(buffer.constant, rows);
    if (buffer.kind === TEXT) {
      const { dictionary } = buffer;
      if (!buffer.coded || !dictionary || present === 0) return this.plainTexts(buffer, valid, rows);
      const codes = this.dense(buffer, valid, rows);
      return this.coded(codes, valid, rows, dictionary.entries, (body) =>
        body.append(dictionary.plain.subarray(0, dictionary.size)),
      );
    }
    const words = this.dense(buffer, valid, rows);
    if (buffer.kind === BOOLEAN) {
      return this.inPages(PLAIN, valid, rows, rows >> 3, (body, from, to) => writeBits(body, words, from, to));
    }
    return this.integers(buffer, words, valid, rows, present);
  }

  /** 64-bit numbers and days, in the encoding that is likely to be smallest. */
  private integers(
    buffer: ColumnBuffer,
    words: Int32Array,
    valid: Uint8Array | undefined,
    rows: number,
    present: number,
  ): { encoding: number; valuesAt: number } {
    const { width } = buffer;
    const range = buffer.range(rows);
    const near = (pair: Int32Array): number => (width === 2 ? readNear(pair, 0) : pair[0]!);
    const least = range ? near(range.least) : 0;
    const greatest = range ? near(range.greatest) : 0;
    const plain = present * width * 4 * SNAPPY_SHARE;
    const small = Math.max(Math.abs(least), Math.abs(greatest)) < MOST_DELTA_VALUE;
    const deltas = width === 2 && small && greatest - least <= MOST_DELTA_SPAN ? estimateDeltas(words, present) : plain;
    if (range && small && greatest - least <= MOST_SPAN) {
      const { numbers } = this;
      numbers.build(words, present, width, range.least[0]!);
      const { entries, codes, steps } = numbers;
      const coded = entries * width * 4 + (present * bitsFor(entries - 1)) / 8;
      if (coded < Math.min(plain, deltas)) {
        return this.coded(codes, valid, rows, entries, (body) => writeEntries(body, steps, entries, width, least));
      }
    }
    if (deltas < plain) {
      return this.inPages(DELTA, valid, rows, deltas, (body, from, to) => writeDeltas(body, words, from, to));
    }
    return this.inPages(PLAIN, valid, rows, present * width * 4, (body, from, to) =>
      body.append(bytesOf(words.subarray(from * width, to * width))),
    );
  }

  private plainTexts(
    buffer: ColumnBuffer,
    valid: Uint8Array | undefined,
    rows: number,
  ): { encoding: number; valuesAt: number } {
    const { words, plain, size } = buffer;
    const startOf = (row: number): number => {
      const next = row < rows ? buffer.valid.subarray(row, rows).indexOf(1) : -1;
      return next < 0 ? size : words[row + next]!;
    };
    return this.inRows(PLAIN, valid, rows, size, (body, from, to) =>
      body.append(plain.subarray(startOf(from), startOf(to))),
    );
  }

  private coded(
    codes: Int32Array,
    valid: Uint8Array | undefined,
    rows: number,
    entries: number,
    writeDictionary: (body: ByteWriter) => void,
  ): { encoding: number; valuesAt: number } {
    const bits = bitsFor(entries - 1);
    this.pages.dictionary(entries, writeDictionary);
    return this.inPages(DICTIONARY, valid, rows, (rows * bits) / 8, (body, from, to) => {
      body.byte(bits);
      writeHybrid(body, codes, from, to, bits);
    });
  }

  /** One entry, and one run of it. */
  private constant(text: Uint8Array, rows: number): { encoding: number; valuesAt: number } {
    this.pages.dictionary(1, (body) => {
      body.word(text.length);
      body.append(text);
    });
    const valuesAt = this.pages.out.at;
    this.pages.values(undefined, 0, rows, DICTIONARY, (body) => {
      body.byte(1);
      body.varint(rows * 2);
      body.byte(0);
    });
    return { encoding: DICTIONARY, valuesAt };
  }

  /** Pages of about the same number of rows. `write` is told which of the values that are there go into a page. */
  private inPages(
    encoding: number,
    valid: Uint8Array | undefined,
    rows: number,
    bytes: number,
    write: (body: ByteWriter, from: number, to: number) => void,
  ): { encoding: number; valuesAt: number } {
    let before = 0;
    return this.inRows(encoding, valid, rows, bytes, (body, from, to) => {
      let values = to - from;
      if (valid) for (let row = from; row < to; row += 1) values -= 1 - valid[row]!;
      write(body, before, before + values);
      before += values;
    });
  }

  private inRows(
    encoding: number,
    valid: Uint8Array | undefined,
    rows: number,
    bytes: number,
    write: (body: ByteWriter, from: number, to: number) => void,
  ): { encoding: number; valuesAt: number } {
    const valuesAt = this.pages.out.at;
    const step = Math.ceil(rows / Math.max(1, Math.ceil(bytes / this.pageBytes)));
    for (let from = 0; from < rows; from += step) {
      const to = Math.min(from + step, rows);
      this.pages.values(valid, from, to, encoding, (body) => write(body, from, to));
    }
    return { encoding, valuesAt };
  }

  /** The words of the rows that have values, one after another. */
  private dense(buffer: ColumnBuffer, valid: Uint8Array | undefined, rows: number): Int32Array {
    const { words, width } = buffer;
    if (!valid) return words;
    if (this.packed.length < rows * width) this.packed = new Int32Array(rows * width);
    const { packed } = this;
    let at = 0;
    for (let row = 0; row < rows; row += 1) {
      if (valid[row] === 0) continue;
      packed[at++] = words[row * width]!;
      if (width === 2) packed[at++] = words[row * 2 + 1]!;
    }
    return packed;
  }
}

function writeBits(body: ByteWriter, truths: Int32Array, from: number, to: number): void {
  body.room(((to - from) >> 3) + 1);
  for (let i = from; i < to; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8 && i + bit < to; bit += 1) byte |= truths[i + bit]! << bit;
    body.bytes[body.at++] = byte;
  }
}

function writeEntries(body: ByteWriter, steps: Int32Array, entries: number, width: number, least: number): void {
  for (let entry = 0; entry < entries; entry += 1) {
    const value = least + steps[entry]!;
    body.word(value);
    if (width === 2) body.word(Math.floor(value / 0x1_0000_0000));
  }
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
