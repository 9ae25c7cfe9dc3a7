import { readSync } from 'node:fs';
import type { WindowBytes } from './format-reader.ts';
import type { Window } from './reading.ts';

/** Bytes of a window that are given out at once. Above the longest record that any reader takes whole. */
const WHOLE_BYTES = 32 << 20;
/** Buffers grow by these steps, so that windows of nearly the same size share one. */
const STEP = 1 << 20;

/** Reads windows of an open file, one after another, into one buffer. */
export class WindowSource {
  private readonly file: number;
  private readonly path: string;
  private readonly wholeBytes: number;
  private buffer = new Uint8Array(0);

  /** `wholeBytes` is for tests. */
  constructor(file: number, path: string, wholeBytes = WHOLE_BYTES) {
    this.file = file;
    this.path = path;
    this.wholeBytes = wholeBytes;
  }

  bytesOf(window: Window): WindowBytes {
    return { path: this.path, each: (consume) => this.each(window, consume) };
  }

  private each({ start, end }: Window, consume: (bytes: Uint8Array, base: number, last: boolean) => number): void {
    const size = Math.min(end - start, this.wholeBytes);
    if (this.buffer.length < size) this.buffer = new Uint8Array(Math.ceil(size / STEP) * STEP);
    const piece = this.buffer.subarray(0, size);
    let base = start;
    let held = 0;
    while (base < end) {
      const wanted = Math.min(size - held, end - base - held);
      readWhole(this.file, piece.subarray(held, held + wanted), base + held);
      held += wanted;
      const last = base + held === end;
      const taken = consume(piece.subarray(0, held), base, last);
      if (taken < held && (last || (taken === 0 && held === size))) {
        throw new Error(`The reader stopped at byte ${base + taken} of the window from ${start} to ${end}.`);
      }
      piece.copyWithin(0, taken, held);
      base += taken;
      held -= taken;
    }
  }
}

/** Fills `into` from byte `at` of the file. Error where the file has become shorter. */
export function readWhole(file: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length;) {
    const count = readSync(file, into, done, into.length - done, at + done);
    if (count === 0) throw new Error(`The file ends at byte ${at + done}: it became shorter while it was read.`);
    done += count;
  }
}
