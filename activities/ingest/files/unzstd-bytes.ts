import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { Decompress } from 'fzstd';
import { Xxh64 } from './xxh64.ts';
import { walkFrame, ZstdProblem, type ZstdFrame } from './zstd-frames.ts';

export interface ZstdJob {
  readonly path: string;
  readonly to: string;
  /** Bytes that may come out. */
  readonly allowed: number;
  /** Bytes a frame may want to look back on. */
  readonly windowBytes: number;
}

/** How it ended, in words a thread can send. */
export type ZstdOutcome =
  | { readonly kind: 'unpacked'; readonly bytes: number }
  | { readonly kind: 'tooMuch' }
  | { readonly kind: 'window'; readonly bytes: number }
  | { readonly kind: 'corrupt'; readonly why: string };

class TooMuch extends Error {}

const PIECE = 256 << 10;

/**
 * Unpacks zstd of any number of frames, and holds what came out against the content size and checksum each frame may
 * carry: the decoder checks neither. Node's own zstd, where there is one, stops behind the first frame without a word.
 */
export function unzstdBytes(job: ZstdJob, onBytes: (bytes: number) => void): ZstdOutcome {
  const from = openSync(job.path, 'r');
  const to = openSync(job.to, 'wx', 0o600);
  try {
    const { size } = fstatSync(from);
    const read = cachedReader(from);
    let bytes = 0;
    for (let at = 0; at < size;) {
      const frame = walkFrame(read, at);
      if (frame.windowBytes > job.windowBytes) return { kind: 'window', bytes: frame.windowBytes };
      if (bytes + (frame.contentBytes ?? 0) > job.allowed) return { kind: 'tooMuch' };
      if (frame.kind === 'content') bytes += unpackFrame(from, to, frame, job.allowed - bytes);
      onBytes(bytes);
      at = frame.end;
    }
    return { kind: 'unpacked', bytes };
  } catch (error) {
    if (error instanceof TooMuch) return { kind: 'tooMuch' };
    if (error instanceof ZstdProblem) return { kind: 'corrupt', why: error.message };
    throw error;
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

function unpackFrame(from: number, to: number, frame: ZstdFrame, allowed: number): number {
  const sum = frame.hasChecksum ? new Xxh64() : undefined;
  let bytes = 0;
  let blocks = 0;
  let writing: unknown;
  const decoder = new Decompress((block, final) => {
    if (final && block.length === 0) return;
    blocks += 1;
    bytes += block.length;
    if (bytes > allowed) throw new TooMuch();
    sum?.update(block);
    try {
      writeWhole(to, block);
    } catch (error) {
      writing = error;
      throw error;
    }
  });
  const damaged = new ZstdProblem(`The frame from byte ${frame.start} to byte ${frame.end} is damaged.`);
  for (let at = frame.start; at < frame.end; at += PIECE) {
    // The decoder keeps pieces of what it is given.
    const piece = Buffer.alloc(Math.min(PIECE, frame.end - at));
    readSync(from, piece, 0, piece.length, at);
    try {
      decoder.push(piece, at + piece.length === frame.end);
    } catch (error) {
      throw error instanceof TooMuch || writing !== undefined ? error : damaged;
    }
  }
  if (blocks !== frame.blocks || bytes !== (frame.contentBytes ?? bytes)) throw damaged;
  if (sum) {
    const promised = Buffer.alloc(4);
    readSync(from, promised, 0, 4, frame.end - 4);
    if (promised.readUInt32LE(0) !== Number(BigInt.asUintN(32, sum.digest()))) {
      throw new ZstdProblem(`What comes out of the frame from byte ${frame.start} does not match its checksum.`);
    }
  }
  return bytes;
}

function writeWhole(to: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(to, bytes, at);
}

/** Many small reads that mostly follow each other. */
function cachedReader(from: number): (at: number, length: number) => Uint8Array {
  const cache = Buffer.alloc(4096);
  let start = 0;
  let held = 0;
  return (at, length) => {
    if (at < start || at + length > start + held) {
      start = at;
      held = readSync(from, cache, 0, cache.length, at);
    }
    return cache.subarray(at - start, Math.min(at - start + length, held));
  };
}
