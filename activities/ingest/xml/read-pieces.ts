import { closeSync, openSync, readSync } from 'node:fs';
import { XML_LIMITS } from './xml-limits.ts';

const PIECE = 1 << 18;

/**
 * Gives a file to `take` piece by piece. It answers how many bytes it took (the rest comes again, with more behind), or
 * nothing to end. Ends early where a tag is longer than it may be.
 */
export function readPieces(path: string, take: (bytes: Uint8Array, base: number) => number | undefined): void {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE + XML_LIMITS.tagBytes);
    let held = 0;
    let base = 0;
    for (;;) {
      const read = readSync(file, buffer, held, buffer.length - held, base + held);
      if (read === 0) return;
      held += read;
      const taken = take(buffer.subarray(0, held), base);
      if (taken === undefined) return;
      buffer.copyWithin(0, taken, held);
      held -= taken;
      base += taken;
      if (held > XML_LIMITS.tagBytes) return;
    }
  } finally {
    closeSync(file);
  }
}
