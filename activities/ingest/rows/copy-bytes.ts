/** The same bytes with room for `needed`, and half as much again. */
export function larger(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(needed + (needed >> 1), 4096));
  grown.set(bytes);
  return grown;
}

/** Copies the `length` bytes at `from`, four at a time: for short pieces that is much faster than `set`. */
export function copyBytes(view: DataView, from: number, length: number, target: DataView, at: number): void {
  if (length < 4) {
    for (let i = 0; i < length; i += 1) target.setUint8(at + i, view.getUint8(from + i));
    return;
  }
  for (let i = 0; i + 4 < length; i += 4) target.setInt32(at + i, view.getInt32(from + i, true), true);
  // The last four, some of them perhaps for the second time.
  target.setInt32(at + length - 4, view.getInt32(from + length - 4, true), true);
}
