import type { Encoding } from './encoding-marks.ts';
import { singleByteTable, singleByteToUtf8 } from './single-byte.ts';

/** Where a text stops being valid in its encoding. */
export class NotInEncoding extends Error {
  readonly offset: number;
  readonly kind: string;

  constructor(offset: number, kind: string) {
    super(kind);
    this.offset = offset;
    this.kind = kind;
  }
}

/** Turns pieces of text into UTF-8. What it returns is valid until the next call. Throws `NotInEncoding`. */
export interface Transcoder {
  /** `last`: the text ends with this piece. */
  convert(piece: Buffer, last: boolean): Uint8Array;
}

/** For text without its byte-order mark; `offset`: where it begins in the file. */
export function transcoder(encoding: Exclude<Encoding, 'utf-8'>, offset: number): Transcoder {
  return encoding === 'utf-16le' || encoding === 'utf-16be'
    ? new WideTranscoder(encoding === 'utf-16be', offset)
    : new SingleByteTranscoder(encoding, offset);
}

class SingleByteTranscoder implements Transcoder {
  private readonly table;
  private at: number;
  private space = new Uint8Array(0);

  constructor(encoding: 'windows-1252' | 'iso-8859-1', offset: number) {
    this.table = singleByteTable(encoding);
    this.at = offset;
  }

  convert(piece: Buffer): Uint8Array {
    if (this.space.length < piece.length * 3) this.space = new Uint8Array(piece.length * 3);
    const length = singleByteToUtf8(this.table, piece, this.space);
    if (length < 0) throw new NotInEncoding(this.at - 1 - length, 'a byte that Windows-1252 leaves undefined');
    this.at += piece.length;
    return this.space.subarray(0, length);
  }
}

class WideTranscoder implements Transcoder {
  private readonly swap: boolean;
  /** Where `rest` begins in the file. */
  private at: number;
  /** Half a unit, or the first half of a pair. */
  private rest: Buffer = Buffer.alloc(0);

  constructor(swap: boolean, offset: number) {
    this.swap = swap;
    this.at = offset;
  }

  convert(piece: Buffer, last: boolean): Uint8Array {
    const bytes = Buffer.concat([this.rest, piece]);
    const even = bytes.length & ~1;
    if (last && even < bytes.length) throw new NotInEncoding(this.at + even, 'half a character at the end');
    const units = bytes.subarray(0, even);
    if (this.swap) units.swap16();
    const whole = !last && even >= 2 && isFirstHalf(units.readUInt16LE(even - 2)) ? even - 2 : even;
    const text = units.subarray(0, whole);
    const lone = loneSurrogate(text);
    if (lone !== undefined) throw new NotInEncoding(this.at + lone, 'half of a surrogate pair');
    this.at += whole;
    const converted = Buffer.from(text.toString('utf16le'), 'utf8');
    this.rest = Buffer.from(bytes.subarray(whole));
    // It has been swapped above, and will be once more with what follows.
    if (this.swap && this.rest.length >= 2) this.rest.subarray(0, 2).swap16();
    return converted;
  }
}

/** The byte at which a half of a pair stands alone. */
function loneSurrogate(text: Buffer): number | undefined {
  for (let i = 1; i < text.length; i += 2) {
    const high = text[i]!;
    if ((high & 0xf8) !== 0xd8) continue;
    if (high >= 0xdc || i + 2 >= text.length || (text[i + 2]! & 0xfc) !== 0xdc) return i - 1;
    i += 2;
  }
  return undefined;
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
