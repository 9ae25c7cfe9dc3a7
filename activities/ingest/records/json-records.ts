import { JsonLinesSplitter } from '../json/json-lines-splitter.ts';
import { JsonSplitter } from '../json/json-splitter.ts';
import type { Splitter, Window } from '../rows/reading.ts';
import { readWhole } from '../rows/window-bytes.ts';
import { jsonText } from './json-text.ts';
import { splitting, type SplitPiece } from './splitting.ts';
import { RECORD_BYTES, type ReadRecords, type TextRecord, type TextRecords } from './text-record.ts';
import { wrappedList } from './wrapped-list.ts';

/** A record a line. A broken line costs itself. */
export const jsonLinesRecords: ReadRecords = ({ path, textStart }, { signal }) =>
  splitRecords(path, textStart, new JsonLinesSplitter({ windowBytes: 1 }), signal);

/**
 * A list of records, one record, several documents, or an object that wraps the list. Error `SourceCorrupt`: what encloses
 * them is broken.
 */
export const jsonRecords: ReadRecords = async function* ({ path, name, textStart }, { signal }) {
  const records = await wrappedList({ path, name }, signal);
  yield* splitRecords(path, textStart, new JsonSplitter({ records }, { windowBytes: 1, name }), signal);
};

/** @param splitter for which every record is a window */
async function* splitRecords(path: string, textStart: number, splitter: Splitter, signal: AbortSignal): TextRecords {
  for await (const piece of splitting(path, splitter, signal)) {
    const records: TextRecord[] = [];
    for (const window of piece.windows) {
      const record = jsonText(bytesOf(window, piece, textStart));
      if (record) records.push(record);
    }
    if (records.length > 0) yield records;
  }
}

/** Mostly a part of the piece; what began before it is read again. Of what is too long the beginning is enough. */
function bytesOf(window: Window, { file, bytes, base }: SplitPiece, textStart: number): Uint8Array {
  const start = Math.max(window.start, textStart);
  if (start >= base) return bytes.subarray(start - base, window.end - base);
  const whole = new Uint8Array(Math.min(window.end - start, 2 * RECORD_BYTES));
  readWhole(file, whole, start);
  return whole;
}
