/**
 * XXH64, the checksum of zstd frames, over bytes that come in pieces. 64-bit numbers are kept as pairs of 32 bits, in
 * plain integers: BigInt is thirty times slower.
 */
export class Xxh64 {
  /** Four accumulators as `low, high`. */
  private readonly lanes = new Int32Array(8);
  private readonly held = new Uint8Array(32);
  private holds = 0;
  private total = 0;
  /** The last product: `mul` and `round` leave their result here. */
  private low = 0;
  private high = 0;

  constructor() {
    const start = [P1 + P2, P2, 0n, -P1];
    start.forEach((value, lane) => {
      this.lanes[lane * 2] = Number(BigInt.asIntN(32, value));
      this.lanes[lane * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
    });
  }

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    if (this.holds > 0) {
      at = Math.min(32 - this.holds, bytes.length);
      this.held.set(bytes.subarray(0, at), this.holds);
      this.holds += at;
      if (this.holds < 32) return;
      this.stripes(this.held, 0, 32);
      this.holds = 0;
    }
    const end = at + ((bytes.length - at) & ~31);
    this.stripes(bytes, at, end);
    this.held.set(bytes.subarray(end));
    this.holds = bytes.length - end;
  }

  /** The checksum so far. */
  digest(): bigint {
    const lane = (index: number): bigint =>
      (BigInt(this.lanes[index * 2 + 1]! >>> 0) << 32n) | BigInt(this.lanes[index * 2]! >>> 0);
    let hash = P5;
    if (this.total >= 32) {
      hash = wrap(rotate(lane(0), 1n) + rotate(lane(1), 7n) + rotate(lane(2), 12n) + rotate(lane(3), 18n));
      for (let i = 0; i < 4; i += 1) hash = wrap((hash ^ mixed(lane(i))) * P1 + P4);
    }
    hash = wrap(hash + BigInt(this.total));
    const rest = new DataView(this.held.buffer, 0, this.holds);
    let at = 0;
    for (; at + 8 <= this.holds; at += 8) {
      hash = wrap(rotate(hash ^ mixed(rest.getBigUint64(at, true)), 27n) * P1 + P4);
    }
    if (at + 4 <= this.holds) {
      hash = wrap(rotate(hash ^ wrap(BigInt(rest.getUint32(at, true)) * P1), 23n) * P2 + P3);
      at += 4;
    }
    for (; at < this.holds; at += 1) hash = wrap(rotate(hash ^ wrap(BigInt(rest.getUint8(at)) * P5), 11n) * P1);
    hash = wrap((hash ^ (hash >> 33n)) * P2);
    hash = wrap((hash ^ (hash >> 29n)) * P3);
    return hash ^ (hash >> 32n);
  }

  /** Whole stripes of 32 bytes: `lane = rotate(lane + word * P2, 31) * P1` for four words each. */
  private stripes(bytes: Uint8Array, from: number, to: number): void {
    const lanes = this.lanes;
    for (let at = from; at < to; at += 8) {
      const lane = ((at - from) >> 2) & 6;
      const wordLow = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      const wordHigh = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
      this.multiply(wordLow, wordHigh, P2_LOW, P2_HIGH);
      const low = (lanes[lane]! >>> 0) + (this.low >>> 0);
      const high = (lanes[lane + 1]! + this.high + (low > 0xffffffff ? 1 : 0)) | 0;
      this.multiply((low << 31) | (high >>> 1), (high << 31) | ((low | 0) >>> 1), P1_LOW, P1_HIGH);
      lanes[lane] = this.low;
      lanes[lane + 1] = this.high;
    }
  }

  private multiply(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
    const a0 = aLow & 0xffff;
    const a1 = aLow >>> 16;
    const b0 = bLow & 0xffff;
    const b1 = bLow >>> 16;
    const middle = a1 * b0 + ((a0 * b0) >>> 16);
    const other = a0 * b1 + (middle & 0xffff);
    this.low = Math.imul(aLow, bLow);
    this.high =
      (a1 * b1 +
        Math.floor(middle / 0x10000) +
        Math.floor(other / 0x10000) +
        Math.imul(aLow, bHigh) +
        Math.imul(aHigh, bLow)) |
      0;
  }
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const P1_LOW = Number(BigInt.asIntN(32, P1));
const P1_HIGH = Number(BigInt.asIntN(32, P1 >> 32n));
const P2_LOW = Number(BigInt.asIntN(32, P2));
const P2_HIGH = Number(BigInt.asIntN(32, P2 >> 32n));

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap(value << by) | (value >> (64n - by));
}

function mixed(word: bigint): bigint {
  return wrap(rotate(wrap(word * P2), 31n) * P1);
}
