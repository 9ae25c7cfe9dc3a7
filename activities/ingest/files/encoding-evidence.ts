import { isAscii, isUtf8 } from 'node:buffer';
import { markOf, type Mark } from './encoding-marks.ts';

/** What all bytes of a file say about its encoding. Plain data. */
export interface EncodingEvidence {
  readonly bytes: number;
  readonly mark: Mark | undefined;
  /** NUL bytes at even and odd places. */
  readonly nulsEven: number;
  readonly nulsOdd: number;
  /** Characters of more than one byte that are valid UTF-8. */
  readonly multibyte: number;
  /** Bytes, or cut sequences of bytes, that are not. */
  readonly invalid: number;
  /** Where the first of them stands; -1: nowhere. */
  readonly firstInvalid: number;
  /** Bytes from 0x80. */
  readonly high: number;
  /** How often each byte from 0x80 comes. */
  readonly highCounts: readonly number[];
  /** Bytes from 0x80 behind two others of their kind. */
  readonly highRuns: number;
  /** Letters of Windows-1252 beside ASCII letters, and its signs that are common in text. */
  readonly western: number;
  /** Of the bytes that stand alone between two ASCII letters: all, and those that are no letter in Windows-1252. */
  readonly insideWords: number;
  readonly oddInsideWords: number;
}

/**
 * Gathers the evidence over bytes that come in pieces. Pieces of plain UTF-8 are looked at by native code only; the
 * others byte by byte.
 */
export class EvidenceGatherer {
  private mark: Mark | undefined;
  private bytes = 0;
  private nulsEven = 0;
  private nulsOdd = 0;
  private multibyte = 0;
  private invalid = 0;
  private firstInvalid = -1;
  private high = 0;
  private highRuns = 0;
  private western = 0;
  private insideWords = 0;
  private oddInsideWords = 0;
  private readonly highCounts = new Array<number>(128).fill(0);
  /** The end of the last piece: an unfinished character, and what stands before it. */
  private rest: Buffer = Buffer.alloc(0);

  add(piece: Buffer, last: boolean): void {
    if (this.bytes === 0) this.mark = markOf(piece);
    this.countNuls(piece);
    const text = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    const base = this.bytes - this.rest.length;
    this.bytes += piece.length;
    const end = last ? text.length : text.length - unfinished(text);
    const body = text.subarray(0, end);
    if (!isUtf8(body)) this.lookClosely(body, base);
    else if (!isAscii(body)) this.multibyte += characters(body);
    this.rest = Buffer.from(text.subarray(end));
  }

  evidence(): EncodingEvidence {
    const { mark, bytes, nulsEven, nulsOdd, multibyte, invalid, firstInvalid } = this;
    const { high, highRuns, western, insideWords, oddInsideWords, highCounts } = this;
    const utf8 = { multibyte, invalid, firstInvalid };
    const words = { western, insideWords, oddInsideWords };
    return { bytes, mark, nulsEven, nulsOdd, ...utf8, high, highRuns, ...words, highCounts };
  }

  private countNuls(piece: Buffer): void {
    const first = piece.indexOf(0);
    if (first < 0) return;
    for (let at = first; at < piece.length; at += 1) {
      if (piece[at] !== 0) continue;
      if ((this.bytes + at) % 2 === 0) this.nulsEven += 1;
      else this.nulsOdd += 1;
    }
  }

  private lookClosely(text: Buffer, base: number): void {
    for (let i = 0; i < text.length;) {
      if (text[i]! < 0x80) {
        i += 1;
        continue;
      }
      const length = sequenceLength(text, i);
      if (length > 0) {
        this.multibyte += 1;
      } else {
        this.invalid += 1;
        if (this.firstInvalid < 0) this.firstInvalid = base + i;
      }
      const next = i + Math.max(length, 1);
      for (; i < next; i += 1) this.noteHigh(text, i);
    }
  }

  private noteHigh(text: Buffer, i: number): void {
    const byte = text[i]!;
    this.high += 1;
    this.highCounts[byte - 0x80]! += 1;
    const before = i > 0 ? text[i - 1]! : 0;
    const after = text[i + 1] ?? 0;
    if (before >= 0x80 && i > 1 && text[i - 2]! >= 0x80) this.highRuns += 1;
    const inside = isLetter(before) && isLetter(after);
    const letter = isWesternLetter(byte);
    if (inside) this.insideWords += 1;
    if (inside && !letter) this.oddInsideWords += 1;
    const beside = isLetter(before) || isLetter(after);
    if (letter ? beside : !inside && WESTERN_SIGNS.includes(byte)) this.western += 1;
  }
}

/** Characters of more than one byte in valid UTF-8. */
function characters(text: Buffer): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) if (text[i]! >= 0xc0) count += 1;
  return count;
}

/** Bytes at the end that may be the beginning of a character. */
function unfinished(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back += 1) {
    const byte = text[text.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < expectedLength(byte) ? back : 0;
  }
  return 0;
}

function expectedLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** The length of the UTF-8 character that begins here; 0: none does. No overlong forms, surrogates, or beyond U+10FFFF. */
function sequenceLength(text: Buffer, at: number): number {
  const first = text[at]!;
  const length = expectedLength(first);
  if (length === 0 || at + length > text.length) return 0;
  for (let i = 1; i < length; i += 1) if ((text[at + i]! & 0xc0) !== 0x80) return 0;
  const second = text[at + 1]!;
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return length;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Letters of Windows-1252, and its apostrophe, middle dot and ordinal signs, which stand inside words. */
function isWesternLetter(byte: number): boolean {
  if (byte >= 0xc0) return byte !== 0xd7 && byte !== 0xf7;
  return LETTERS_BELOW_C0.includes(byte);
}

const LETTERS_BELOW_C0 = [0x83, 0x8a, 0x8c, 0x8e, 0x92, 0x9a, 0x9c, 0x9e, 0x9f, 0xaa, 0xad, 0xb4, 0xb5, 0xb7, 0xba];

/** € … quotes • dashes ™ no-break space ¡ £ § © « ® ° ² ³ » ¿ */
const WESTERN_SIGNS = [
  0x80, 0x85, 0x91, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0xa0, 0xa1, 0xa3, 0xa7, 0xa9, 0xab, 0xae, 0xb0, 0xb2, 0xb3,
  0xbb, 0xbf,
];
