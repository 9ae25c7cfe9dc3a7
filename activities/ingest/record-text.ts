import { DOUBLED, QUOTED, type CsvRecord } from './csv-record.ts';

/** Bytes of a record that a quarantine row keeps. */
export const KEPT_BYTES = 64 * 1024;

/** A field's value; `null` when nothing stands there, not even quotes. */
export function fieldText(record: CsvRecord, index: number, quote: string): string | null {
  const from = record.from[index]!;
  const to = record.to[index]!;
  const marks = record.marks[index]!;
  if (from === to && (marks & QUOTED) === 0) return null;
  const text = utf8(record.bytes, from, to);
  return (marks & DOUBLED) === 0 ? text : text.replaceAll(quote + quote, quote);
}

/**
 * A record as people can read it: at most 64 KB of it, what is not UTF-8 as U+FFFD, NUL as its picture U+2400 (a text
 * with a NUL in it is cut or refused by many tools).
 */
export function recordText(bytes: Uint8Array, start: number, end: number): string {
  let to = Math.min(end, start + KEPT_BYTES);
  // Not into the middle of a character.
  if (to < end) for (let back = 0; back < 3 && (bytes[to]! & 0xc0) === 0x80; back += 1) to -= 1;
  return utf8(bytes, start, to).replaceAll('\0', '\u2400');
}

function utf8(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
