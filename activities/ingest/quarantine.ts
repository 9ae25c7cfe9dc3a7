import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import type { Session } from '../duckdb/session.ts';
import { ByteSink } from './byte-sink.ts';
import { writeRow } from './canonical.ts';
import { KEPT_BYTES, recordText } from './record-text.ts';

/** Bytes that are read at once: records that lie near each other come with one read. */
const SPAN = 1 << 20;

/**
 * Writes what stands in the source file for each row of `rejected(line, byte_offset, length)`, as canonical rows
 * `line,record`. Returns the bytes of the longest row.
 */
export async function fetchRecords(
  session: Session,
  sourcePath: string,
  to: string,
  signal: AbortSignal,
): Promise<number> {
  const source = await open(sourcePath, 'r');
  const out = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  const done = finished(out);
  done.catch(() => undefined);
  const sink = new ByteSink((piece) => void out.write(Buffer.from(piece)), 1 << 18);
  let longest = 0;
  try {
    const window = Buffer.alloc(SPAN);
    let from = 0;
    let held = 0;
    const result = await session.connection.stream(
      'SELECT line, byte_offset, length FROM rejected ORDER BY byte_offset',
    );
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      signal.throwIfAborted();
      for (const row of chunk.getRows()) {
        const [line = 0, offset = 0, length = 0] = row.map(Number);
        const wanted = Math.min(length, KEPT_BYTES + 4);
        if (offset < from || offset + wanted > from + held) {
          ({ bytesRead: held } = await source.read(window, 0, SPAN, offset));
          from = offset;
        }
        const start = offset - from;
        longest = Math.max(longest, writeRow(sink, [line], [recordText(window, start, start + length)]));
        if (out.writableNeedDrain) await once(out, 'drain', { signal });
      }
    }
    sink.flush();
    out.end();
    await done;
    return longest;
  } finally {
    out.destroy();
    await source.close();
  }
}
