import { LIMITS, type Limits } from './csv-record.ts';
import type { Tokenizer } from './tokenizer.ts';

const WINDOW = 2 << 20;

/**
 * Drives a tokenizer over bytes that come in pieces, in one window that is only as large as the longest record needs.
 * `read` fills the front of what it is given and says how many bytes; 0 is the end. `onBytes` hears of each piece.
 */
export function readThrough(
  tokenizer: Tokenizer,
  read: (into: Uint8Array) => number,
  onBytes: (bytesSoFar: number) => void,
  { windowBytes = WINDOW, limits = LIMITS }: { windowBytes?: number; limits?: Limits } = {},
): void {
  let window = new Uint8Array(windowBytes);
  let held = 0;
  let base = 0;
  for (;;) {
    if (held === window.length) {
      const wider = new Uint8Array(
        Math.min(window.length * 2, Math.max(window.length, limits.recordBytes) + windowBytes),
      );
      wider.set(window);
      window = wider;
    }
    const count = read(window.subarray(held));
    held += count;
    const taken = tokenizer.consume(window.subarray(0, held), base, count === 0);
    base += taken;
    onBytes(base + held - taken);
    if (count === 0) return;
    window.copyWithin(0, taken, held);
    held -= taken;
  }
}
