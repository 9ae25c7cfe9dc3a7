import type { Splitter, Window } from './reading.ts';
import { readWhole } from './window-bytes.ts';

const PIECE_BYTES = 1 << 20;

/** What of a file is split: from byte `start` to before byte `end`; `last` where the file, or the window, ends there. */
export interface SplitRange {
  readonly start: number;
  readonly end: number;
  readonly last: boolean;
}

/** Gives a splitter a file in pieces of a megabyte, and again from where it wants to go on. */
export function splitFile(
  file: number,
  splitter: Splitter,
  { start, end, last }: SplitRange,
  found: (window: Window) => void,
  pieceBytes = PIECE_BYTES,
): void {
  const buffer = new Uint8Array(Math.min(pieceBytes, Math.max(end - start, 0)));
  let at = start;
  for (;;) {
    const to = Math.min(end, at + buffer.length);
    const piece = buffer.subarray(0, to - at);
    readWhole(file, piece, at);
    const next = splitter.feed(piece, at, last && to === end, found);
    if (to === end && next === end) return;
    at = next;
  }
}
