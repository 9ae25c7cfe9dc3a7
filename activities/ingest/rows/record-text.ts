/** Bytes of a record that a quarantine row keeps. */
export const KEPT_BYTES = 64 * 1024;

/**
 * A record as people can read it, in UTF-8: at most 64 KB of it, what is not UTF-8 as U+FFFD, NUL as its picture U+2400
 * (a text with a NUL in it is cut or refused by many tools).
 */
export function recordText(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let to = Math.min(end, start + KEPT_BYTES);
  // Not into the middle of a character.
  if (to < end) for (let back = 0; back < 3 && (bytes[to]! & 0xc0) === 0x80; back += 1) to -= 1;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, to - start).toString('utf8');
  return Buffer.from(text.replaceAll('\0', '\u2400'), 'utf8');
}
