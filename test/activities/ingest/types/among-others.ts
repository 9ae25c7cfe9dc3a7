/**
 * The text's bytes with one byte more on either side, from the middle of a larger buffer: reading past the ends, or
 * from the wrong place, is noticed.
 */
export function amongOthers(text: string): Uint8Array {
  const bytes = Buffer.from(`7${text}7`, 'utf8');
  const buffer = new Uint8Array(bytes.length + 8).fill(0x38);
  buffer.set(bytes, 5);
  return buffer.subarray(5, 5 + bytes.length);
}
