import { LIMITS, type Dialect, type Limits } from '../../../activities/ingest/csv-record.ts';
import { fieldText, recordText } from '../../../activities/ingest/record-text.ts';
import { readThrough } from '../../../activities/ingest/read-through.ts';
import { Tokenizer } from '../../../activities/ingest/tokenizer.ts';

export interface SeenRecord {
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly defect: string | undefined;
  readonly cells: readonly (string | null)[];
  readonly text: string;
}

export const COMMA: Dialect = { delimiter: ',', quote: '"' };

/** All records, header included, of bytes that arrive in pieces of the given sizes (again and again). */
export function readRecords(
  bytes: Uint8Array | string,
  dialect: Dialect = COMMA,
  pieces: readonly number[] = [1 << 20],
  { windowBytes = 16, limits = LIMITS }: { windowBytes?: number; limits?: Limits } = {},
): SeenRecord[] {
  const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  const seen: SeenRecord[] = [];
  const tokenizer = new Tokenizer(
    dialect,
    (record) => {
      const { line, offset, start, end, defect } = record;
      const cells = defect ? [] : Array.from({ length: record.fields }, (_, i) => fieldText(record, i, dialect.quote));
      seen.push({ line, offset, length: end - start, defect, cells, text: recordText(record.bytes, start, end) });
    },
    limits,
  );
  let at = 0;
  let turn = 0;
  readThrough(
    tokenizer,
    (into) => {
      const count = Math.min(into.length, pieces[turn++ % pieces.length] ?? 1, all.length - at);
      into.set(all.subarray(at, at + count));
      at += count;
      return count;
    },
    () => undefined,
    { windowBytes, limits },
  );
  return seen;
}
