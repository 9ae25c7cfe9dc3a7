import type { ByteWriter } from './byte-writer.ts';

const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Writes one struct of Thrift's compact protocol, as Parquet's headers and footer are. Fields go in rising order. */
export class ThriftStruct {
  readonly out: ByteWriter;
  private last = 0;

  constructor(out: ByteWriter) {
    this.out = out;
  }

  /** Not negative. */
  i32(field: number, value: number): this {
    this.header(field, I32);
    this.out.varint(value * 2);
    return this;
  }

  /** From 0 to 2^52. */
  i64(field: number, value: number): this {
    this.header(field, I64);
    this.out.varint(value * 2);
    return this;
  }

  bool(field: number, value: boolean): this {
    this.header(field, value ? 1 : 2);
    return this;
  }

  binary(field: number, bytes: Uint8Array): this {
    this.header(field, BINARY);
    this.out.varint(bytes.length);
    this.out.append(bytes);
    return this;
  }

  string(field: number, text: string): this {
    return this.binary(field, Buffer.from(text, 'utf8'));
  }

  struct(field: number, write: (inner: ThriftStruct) => void): this {
    this.header(field, STRUCT);
    writeStruct(this.out, write);
    return this;
  }

  structs<Item>(
    field: number,
    items: readonly Item[],
    write: (inner: ThriftStruct, item: Item, index: number) => void,
  ): this {
    this.list(field, STRUCT, items.length);
    items.forEach((item, index) => writeStruct(this.out, (inner) => write(inner, item, index)));
    return this;
  }

  i32s(field: number, values: readonly number[]): this {
    this.list(field, I32, values.length);
    for (const value of values) this.out.varint(value * 2);
    return this;
  }

  strings(field: number, texts: readonly string[]): this {
    this.list(field, BINARY, texts.length);
    for (const text of texts) {
      const bytes = Buffer.from(text, 'utf8');
      this.out.varint(bytes.length);
      this.out.append(bytes);
    }
    return this;
  }

  private list(field: number, type: number, length: number): void {
    this.header(field, LIST);
    this.out.byte((Math.min(length, 15) << 4) | type);
    if (length >= 15) this.out.varint(length);
  }

  private header(field: number, type: number): void {
    const step = field - this.last;
    if (step < 1 || step > 15) throw new RangeError(`Thrift field ${field} after ${this.last}.`);
    this.out.byte((step << 4) | type);
    this.last = field;
  }
}

export function writeStruct(out: ByteWriter, write: (struct: ThriftStruct) => void): void {
  write(new ThriftStruct(out));
  out.byte(0);
}
