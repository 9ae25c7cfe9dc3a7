import { closeSync, fdatasync, openSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { footerBytes, type ParquetColumn, type RowGroupMeta } from './parquet-metadata.ts';
import type { EncodedRowGroup } from './row-group-encoder.ts';

export type { ParquetColumn, RowGroupMeta } from './parquet-metadata.ts';
export { RowGroupEncoder, type EncodedRowGroup } from './row-group-encoder.ts';

const MAGIC = Buffer.from('PAR1', 'latin1');

/** The first byte of the file that is free, counted up by whoever writes. Can be sent to threads. */
export type SharedOffset = BigInt64Array<SharedArrayBuffer>;

/** Makes the file; fails if it exists. Any thread may write to `fd`, at places that it takes from `offset`. */
export function createParquetFile(path: string): { readonly fd: number; readonly offset: SharedOffset } {
  const fd = openSync(path, 'wx');
  writeSync(fd, MAGIC, 0, MAGIC.length, 0);
  const offset = new BigInt64Array(new SharedArrayBuffer(8));
  offset[0] = BigInt(MAGIC.length);
  return { fd, offset };
}

/** Writes a row group, in any thread, and says where it is. Without rows nothing is written. */
export function writeRowGroup(
  fd: number,
  offset: SharedOffset,
  { rows, bytes, chunks }: EncodedRowGroup,
): RowGroupMeta {
  const start = Number(Atomics.add(offset, 0, BigInt(bytes.length)));
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, start + at);
  return { rows, start, end: start + bytes.length, chunks };
}

/**
 * Writes the footer, makes sure that all is on disk, and closes `fd`, also where that fails. `columns`: those of the
 * builders. `groups`: in the order in which the rows are to be read, whatever their order in the file. Returns the rows
 * and the file's bytes.
 */
export async function finishParquet(
  fd: number,
  columns: readonly ParquetColumn[],
  groups: readonly RowGroupMeta[],
): Promise<{ readonly rows: number; readonly bytes: number }> {
  try {
    const filled = groups.filter(({ rows }) => rows > 0);
    const footer = footerBytes(columns, filled);
    const tail = Buffer.alloc(4 + MAGIC.length);
    tail.writeUInt32LE(footer.length);
    MAGIC.copy(tail, 4);
    const start = filled.reduce((end, group) => Math.max(end, group.end), MAGIC.length);
    await writeAll(fd, footer, start);
    await writeAll(fd, tail, start + footer.length);
    await promisify(fdatasync)(fd);
    return {
      rows: filled.reduce((sum, { rows }) => sum + rows, 0),
      bytes: start + footer.length + tail.length,
    };
  } finally {
    closeSync(fd);
  }
}

async function writeAll(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await promisify(write)(fd, bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
