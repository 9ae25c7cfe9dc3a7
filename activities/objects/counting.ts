/** A step of a pipeline that lets pieces through, and tells how many bytes have gone so far. */
export function counting(
  onBytes: (bytes: number) => void,
  onPiece?: (piece: Buffer) => void,
): (pieces: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (pieces) {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      onPiece?.(piece);
      onBytes(bytes);
      yield piece;
    }
  };
}
