import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Bytes that are copied at once. */
const PIECE = 4 << 20;

/**
 * Copies a file and takes its digest on the way: one piece is digested while it is written and the next is read. The
 * digest is that of the bytes that were copied, even if the file changes meanwhile.
 */
export async function copyHashing(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ hex: string; bytes: number }> {
  const hash = createHash('sha256');
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      let bytes = 0;
      let filled = Buffer.allocUnsafe(PIECE);
      let free = Buffer.allocUnsafe(PIECE);
      let written: Promise<void> = Promise.resolve();
      let read = source.read(filled, 0, PIECE, 0);
      for (;;) {
        const { bytesRead } = await read.catch((error: unknown) => {
          throw Object.assign(error instanceof Error ? error : new Error(String(error)), { path: from });
        });
        await written;
        signal.throwIfAborted();
        if (bytesRead === 0) break;
        const piece = filled.subarray(0, bytesRead);
        [filled, free] = [free, filled];
        written = writeAll(target, piece);
        // Heard where it is awaited; until then nobody may miss it.
        written.catch(() => undefined);
        bytes += bytesRead;
        read = source.read(filled, 0, PIECE, bytes);
        hash.update(piece);
        onBytes(bytes);
      }
      return { hex: hash.digest('hex'), bytes };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function writeAll(target: FileHandle, piece: Buffer): Promise<void> {
  for (let done = 0; done < piece.length;) done += (await target.write(piece, done)).bytesWritten;
}
