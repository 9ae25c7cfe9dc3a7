import { open, type FileHandle } from 'node:fs/promises';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { KEPT_BYTES, recordText } from '../rows/record-text.ts';
import type { JudgedTable } from './judge-rows.ts';
import type { ReadFile, ReadSource } from './read-source.ts';
import { IDENTITY } from './rejected.ts';

/** Bytes that are read at once: records that lie near each other come with one read. */
const SPAN = 1 << 20;
/** Records whose places are held in memory at once. */
const BATCH = 50_000;

/**
 * Makes the table `quarantine`: `file, line, offset, column, value, expected, reason, record` (its text in the file, at
 * most 64 KB), `cells` (a JSON object of its cells as they were read; NULL where it could not be taken apart) and `kept`
 * (only the value was left out; the row is loaded).
 */
export async function collectQuarantine(
  session: Session,
  read: ReadSource,
  [records]: readonly JudgedTable[],
  signal: AbortSignal,
): Promise<void> {
  await session.run(`CREATE TABLE taken AS
    SELECT *, false AS kept FROM (SELECT * EXCLUDE (doubled) FROM rejected) UNION ALL SELECT *, true FROM discarded`);
  // Cells are spelled out of those records only.
  const ofTaken = `SEMI JOIN taken USING (${IDENTITY})`;
  const cells = (['good', 'suspect'] as const).flatMap((kind) =>
    records?.[kind]
      ? [`SELECT ${IDENTITY}, _length, ${records.typed.cells(kind)} AS cells FROM ${records[kind]} ${ofTaken}`]
      : [],
  );
  const places =
    cells.length > 0 ? cells.join(' UNION ALL ') : `SELECT ${IDENTITY}, 0 AS _length, '' AS cells FROM taken`;
  await session.run(`CREATE TABLE places AS ${places}`);
  await session.run('CREATE TABLE record_texts (_file VARCHAR, _line BIGINT, _offset BIGINT, record VARCHAR)');
  for (const file of read.files) await fetchRecords(session, file, signal);
  const broken = read.files.flatMap(({ name, summary }) =>
    summary.brokenFile
      ? [
          `UNION ALL SELECT ${literal(name)}, _line, _offset, NULL, NULL, NULL, reason, record, NULL, false
            FROM read_parquet(${literal(summary.brokenFile.path)})`,
        ]
      : [],
  );
  await session.run(`CREATE TABLE quarantine AS
    SELECT _file AS file, _line AS line, _offset AS "offset", "column", value, expected, reason,
      coalesce(record, cells) AS record, cells, kept
    FROM taken LEFT JOIN places USING (${IDENTITY}) LEFT JOIN record_texts USING (${IDENTITY})
    ${broken.join('\n')}`);
}

/** Adds to `record_texts` what stands in the file for each place. */
async function fetchRecords(session: Session, { name, textPath }: ReadFile, signal: AbortSignal): Promise<void> {
  if (textPath === undefined) return;
  const source = await open(textPath, 'r');
  const window = new SlidingWindow(source);
  const appender = await session.connection.createAppender('record_texts');
  try {
    for (let after = -1; ;) {
      signal.throwIfAborted();
      const batch = await session.rows<{ _line: string; _offset: string; _length: string }>(
        `SELECT _line, _offset, _length FROM places WHERE _file = $name AND _offset > ${after}
          ORDER BY _offset LIMIT ${BATCH}`,
        { name },
      );
      for (const place of batch) {
        const [line, offset, length] = [place._line, place._offset, place._length].map(Number);
        appender.appendVarchar(name);
        appender.appendBigInt(BigInt(line ?? 0));
        appender.appendBigInt(BigInt(offset ?? 0));
        appender.appendVarchar(await window.text(offset ?? 0, length ?? 0));
        appender.endRow();
        after = offset ?? 0;
      }
      if (batch.length < BATCH) return;
    }
  } finally {
    appender.closeSync();
    await source.close();
  }
}

/** Reads texts out of a file, in the order of the file. */
class SlidingWindow {
  private readonly source: FileHandle;
  private readonly bytes = Buffer.alloc(SPAN);
  private from = 0;
  private held = 0;

  constructor(source: FileHandle) {
    this.source = source;
  }

  async text(offset: number, length: number): Promise<string> {
    const wanted = Math.min(length, KEPT_BYTES + 4);
    if (offset < this.from || offset + wanted > this.from + this.held) {
      ({ bytesRead: this.held } = await this.source.read(this.bytes, 0, SPAN, offset));
      this.from = offset;
    }
    const start = offset - this.from;
    return Buffer.from(recordText(this.bytes, start, start + length)).toString('utf8');
  }
}
