/** A frame of a zstd file: where it stands and what it promises. */
export interface ZstdFrame {
  /** Skippable frames hold nothing of the content. */
  readonly kind: 'content' | 'skippable';
  readonly start: number;
  /** First byte behind the frame, its checksum included. */
  readonly end: number;
  readonly blocks: number;
  readonly hasChecksum: boolean;
  /** What comes out, where the frame says it. */
  readonly contentBytes: number | undefined;
  /** Bytes a decoder must hold. */
  readonly windowBytes: number;
}

/** Says why the bytes are no zstd. */
export class ZstdProblem extends Error {}

const MAX_BLOCK = 128 << 10;
const CUT = 'Its packed data stops in the middle.';

/**
 * Walks over the frame that starts at `start`, from block to block, without unpacking it: decoders differ in what they
 * do about a frame that is cut off, or about what follows the first.
 * `read` gives up to `length` bytes at a place, fewer only at the end of the file. Throws `ZstdProblem`.
 */
export function walkFrame(read: (at: number, length: number) => Uint8Array, start: number): ZstdFrame {
  const exactly = (at: number, length: number): DataView => {
    const bytes = read(at, length);
    if (bytes.length < length) throw new ZstdProblem(CUT);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  };
  const magic = exactly(start, 4).getUint32(0, true);
  if (magic >>> 4 === 0x184d2a5) {
    const end = start + 8 + exactly(start + 4, 4).getUint32(0, true);
    if (read(end - 1, 1).length === 0) throw new ZstdProblem(CUT);
    return { kind: 'skippable', start, end, blocks: 0, hasChecksum: false, contentBytes: 0, windowBytes: 0 };
  }
  if (magic !== 0xfd2fb528) throw new ZstdProblem(`At byte ${start} stands something that is no zstd.`);
  const { headerBytes, ...header } = readHeader(start, exactly);
  let at = start + headerBytes;
  let blocks = 0;
  for (let last = false; !last; blocks += 1) {
    const view = exactly(at, 3);
    const block = view.getUint16(0, true) | (view.getUint8(2) << 16);
    const type = (block >> 1) & 3;
    const size = block >> 3;
    if (type === 3 || size > MAX_BLOCK) throw new ZstdProblem(`The block at byte ${at} is none.`);
    last = (block & 1) === 1;
    at += 3 + (type === 1 ? 1 : size);
  }
  const end = at + (header.hasChecksum ? 4 : 0);
  if (read(end - 1, 1).length === 0) throw new ZstdProblem(CUT);
  return { kind: 'content', start, end, blocks, ...header };
}

function readHeader(
  start: number,
  exactly: (at: number, length: number) => DataView,
): Pick<ZstdFrame, 'hasChecksum' | 'contentBytes' | 'windowBytes'> & { headerBytes: number } {
  const flags = exactly(start + 4, 1).getUint8(0);
  if ((flags & 8) !== 0) throw new ZstdProblem('It needs a newer zstd than is known here.');
  const single = (flags & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const windowAt = start + 5;
  const dictionaryAt = windowAt + (single ? 0 : 1);
  const sizeAt = dictionaryAt + dictionaryBytes;
  const dictionary = exactly(dictionaryAt, dictionaryBytes);
  for (let i = 0; i < dictionaryBytes; i += 1) {
    if (dictionary.getUint8(i) !== 0) throw new ZstdProblem('It can only be unpacked with a dictionary.');
  }
  const contentBytes = readSize(exactly(sizeAt, sizeBytes), sizeBytes);
  return {
    headerBytes: sizeAt + sizeBytes - start,
    hasChecksum: (flags & 4) !== 0,
    contentBytes,
    windowBytes: single ? (contentBytes ?? 0) : windowOf(exactly(windowAt, 1).getUint8(0)),
  };
}

function readSize(view: DataView, bytes: number): number | undefined {
  if (bytes === 1) return view.getUint8(0);
  if (bytes === 2) return view.getUint16(0, true) + 256;
  if (bytes === 4) return view.getUint32(0, true);
  return bytes === 8 ? Number(view.getBigUint64(0, true)) : undefined;
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
