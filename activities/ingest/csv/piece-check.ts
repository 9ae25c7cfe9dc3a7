/** Whether there is a NUL among the bytes. */
export function hasNul(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0);
}

/** How many of the bytes are left without a character that is cut off at their end. */
export function wholeCharacters(bytes: Uint8Array): number {
  let end = bytes.length;
  for (let back = 0; back < 3 && end > 0 && (bytes[end - 1]! & 0xc0) === 0x80; back += 1) end -= 1;
  return end > 0 && bytes[end - 1]! >= 0xc0 ? end - 1 : end;
}
