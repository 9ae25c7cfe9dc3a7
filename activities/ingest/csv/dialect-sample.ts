import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Up to here a file is looked at as a whole. */
const WHOLE_BYTES = 2 << 20;
const HEAD_BYTES = 1 << 20;
/** A record longer than this is none that can be loaded. */
const LONGEST_HEAD = 16 << 20;
const WINDOW_BYTES = 64 << 10;
const WINDOWS = 24;

/** What is looked at of a file: its beginning, and places all over it, always the same for the same size. */
export interface DialectSample {
  readonly head: Uint8Array;
  /** Nothing of the file is outside the head. */
  readonly whole: boolean;
  /** Pieces of the rest, in the file's order, the last of which ends with the file. Each begins with a line. */
  readonly windows: readonly Uint8Array[];
  /** Bytes of the file. */
  readonly size: number;
}

/** Reads what is needed of the file. Blocks. */
export function readSample(path: string): DialectSample {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size <= WHOLE_BYTES) return { head: readAt(file, 0, size), whole: true, windows: [], size };
    let head = readAt(file, 0, HEAD_BYTES);
    while (head.length < Math.min(size, LONGEST_HEAD) && !hasLineEnd(head)) head = readAt(file, 0, head.length * 4);
    if (head.length >= size) return { head, whole: true, windows: [], size };
    return { head, whole: false, windows: windowsOf(file, head.length, size), size };
  } finally {
    closeSync(file);
  }
}

/** One window in each equal part of the rest, at a place in it that looks random; and one at the very end. */
function windowsOf(file: number, from: number, size: number): Uint8Array[] {
  const part = (size - from) / WINDOWS;
  const windows: Uint8Array[] = [];
  let seed = 0x2545f491;
  for (let index = 0; index < WINDOWS; index += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const room = Math.max(0, part - WINDOW_BYTES);
    const at = Math.floor(from + index * part + room * (seed / 0x1_0000_0000));
    const last = index === WINDOWS - 1;
    windows.push(fromLine(readAt(file, last ? Math.max(from, size - WINDOW_BYTES) : at, WINDOW_BYTES)));
  }
  return windows;
}

/** Without the line that the piece begins in. */
function fromLine(piece: Uint8Array): Uint8Array {
  const end = piece.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  return end < 0 ? new Uint8Array() : piece.subarray(end + 1);
}

function hasLineEnd(bytes: Uint8Array): boolean {
  return bytes.includes(0x0a) || bytes.includes(0x0d);
}

function readAt(file: number, at: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count);
  let done = 0;
  while (done < count) {
    const read = readSync(file, bytes, done, count - done, at + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
