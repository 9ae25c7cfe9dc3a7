import { closeSync, fstatSync, openSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import type { Splitter, Window } from '../rows/reading.ts';
import { readWhole } from '../rows/window-bytes.ts';

const PIECE_BYTES = 1 << 18;

/** Bytes of an open file at `base`, and the windows that a splitter has finished in them. Only valid until the next are asked for. */
export interface SplitPiece {
  readonly file: number;
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly last: boolean;
  readonly windows: readonly Window[];
}

/**
 * Gives a splitter a file in pieces of a quarter megabyte, and again from where it wants to go on. Between two pieces others of this
 * process have their turn: no heartbeat waits for longer than a piece takes.
 */
export async function* splitting(
  path: string,
  splitter: Splitter,
  signal: AbortSignal,
): AsyncGenerator<SplitPiece, void> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = new Uint8Array(Math.min(PIECE_BYTES, size));
    for (let base = 0; base < size;) {
      await pause();
      signal.throwIfAborted();
      const bytes = buffer.subarray(0, Math.min(PIECE_BYTES, size - base));
      readWhole(file, bytes, base);
      const last = base + bytes.length === size;
      const windows: Window[] = [];
      const next = splitter.feed(bytes, base, last, (window) => windows.push(window));
      yield { file, bytes, base, last, windows };
      base = next;
    }
  } finally {
    closeSync(file);
  }
}
