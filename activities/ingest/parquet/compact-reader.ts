/** Types of Thrift's compact protocol. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;

const DEEPEST = 40;

/** Reads Thrift's compact protocol, as far as a Parquet footer needs it. Error `RangeError`: the bytes make no sense. */
export class CompactReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Tells the number and type of each field; `take` must read its value, or skip it. */
  struct(take: (field: number, type: number) => void): void {
    if (++this.#depth > DEEPEST) throw new RangeError('too deep');
    let field = 0;
    for (let header = this.#byte(); header !== 0; header = this.#byte()) {
      const delta = header >> 4;
      field = delta === 0 ? this.#zigzag() : field + delta;
      take(field, header & 15);
    }
    this.#depth--;
  }

  list(take: (type: number) => void): void {
    const header = this.#byte();
    const short = header >> 4;
    const size = short === 15 ? this.#varint() : short;
    for (let index = 0; index < size; index++) take(header & 15);
  }

  integer(type: number): number {
    if (type < I16 || type > I64) throw new RangeError('no integer');
    return this.#zigzag();
  }

  skip(type: number): void {
    switch (type) {
      case TRUE:
      case FALSE:
        return;
      case BYTE:
        this.#advance(1);
        return;
      case DOUBLE:
        this.#advance(8);
        return;
      case BINARY:
        this.#advance(this.#varint());
        return;
      case LIST:
      case SET:
        this.list((inner) => this.#skipElement(inner));
        return;
      case MAP:
        this.#skipMap();
        return;
      case STRUCT:
        this.struct((_, inner) => this.skip(inner));
        return;
      default:
        if (type < I16 || type > I64) throw new RangeError('no type');
        this.#zigzag();
    }
  }

  #skipMap(): void {
    const size = this.#varint();
    if (size === 0) return;
    const types = this.#byte();
    for (let index = 0; index < size; index++) {
      this.#skipElement(types >> 4);
      this.#skipElement(types & 15);
    }
  }

  /** In lists and maps a boolean takes a byte: every element does, so that no size can be larger than the bytes there are. */
  #skipElement(type: number): void {
    if (type <= FALSE) {
      this.#advance(1);
      return;
    }
    if (++this.#depth > DEEPEST) throw new RangeError('too deep');
    this.skip(type);
    this.#depth--;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('ends early');
    return byte;
  }

  #advance(bytes: number): void {
    if (bytes < 0 || this.#at + bytes > this.#bytes.length) throw new RangeError('ends early');
    this.#at += bytes;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Up to 2^53, beyond which nothing here is meant. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new RangeError('no number');
  }
}
