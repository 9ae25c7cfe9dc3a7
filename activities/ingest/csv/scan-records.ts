import { QUOTE_DEFECTS, type QuoteDefect } from './quote-defect.ts';

/** How to cut bytes into records, for a look at a file before its dialect is settled. -1: nothing does. */
export interface ScanMarks {
  readonly delimiter: number;
  readonly quote: number;
  readonly comment: number;
}

/** One record as it was found. The object is reused: what is needed later must be copied. */
export interface ScannedRecord {
  /** Positions in the bytes; the line end is outside. */
  start: number;
  end: number;
  /** 1-based, counted from the first byte that was scanned. */
  line: number;
  /** Lines that it stands on. */
  lines: number;
  fields: number;
  /** A quote stands where none can: the first that does, or the one that ends the record. */
  defect: QuoteDefect | undefined;
  /** The fields' contents, without the quotes around them. */
  from: number[];
  to: number[];
  quoted: boolean[];
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the records in `bytes` from `start` on, by the rules of `CsvFormat`; empty and comment lines are none. `open`:
 * the file goes on behind the bytes, so that a record that reaches their end is left out. `visit` may return false to end.
 */
export function scanRecords(
  bytes: Uint8Array,
  start: number,
  marks: ScanMarks,
  open: boolean,
  visit: (record: ScannedRecord) => boolean | undefined,
): void {
  const { delimiter, quote, comment } = marks;
  const end = bytes.length;
  const record: ScannedRecord = {
    start,
    end,
    line: 1,
    lines: 1,
    fields: 0,
    defect: undefined,
    from: [],
    to: [],
    quoted: [],
  };
  const { from, to, quoted } = record;
  let line = 1;
  let i = start;
  while (i < end) {
    const first = bytes[i];
    if (first === LF || first === CR) {
      i += first === CR && bytes[i + 1] === LF ? 2 : 1;
      line += 1;
      continue;
    }
    if (first === comment) {
      while (i < end && bytes[i] !== LF && bytes[i] !== CR) i += 1;
      if (i < end) i += bytes[i] === CR && bytes[i + 1] === LF ? 2 : 1;
      line += 1;
      continue;
    }
    record.start = i;
    record.line = line;
    record.defect = undefined;
    let fields = 0;
    let byte = 0;
    for (;;) {
      let begin = i;
      let finish = -1;
      let stray = -1;
      if (bytes[i] === quote && i < end) {
        begin = i += 1;
        let lineBreak = -1;
        let lines = 0;
        for (;;) {
          while (i < end && (byte = bytes[i]!) !== quote && byte !== LF && byte !== CR) i += 1;
          if (i >= end) {
            if (open) return;
            stray = lineBreak < 0 ? end : lineBreak;
            break;
          }
          if (byte !== quote) {
            if (lineBreak < 0) lineBreak = i;
            if (byte === LF || bytes[i + 1] !== LF) lines += 1;
            i += 1;
          } else if (bytes[i + 1] === quote) i += 2;
          else {
            finish = i;
            i += 1;
            const ends = i >= end || bytes[i] === delimiter || bytes[i] === LF || bytes[i] === CR;
            if (!ends && lineBreak >= 0) stray = lineBreak;
            else if (!ends) record.defect ??= QUOTE_DEFECTS.behind;
            break;
          }
        }
        if (stray >= 0) {
          record.defect = QUOTE_DEFECTS.stray;
          finish = -1;
          i = stray;
        } else line += lines;
      }
      while (i < end && (byte = bytes[i]!) !== delimiter && byte !== LF && byte !== CR) {
        if (byte === quote && finish < 0) record.defect ??= QUOTE_DEFECTS.inside;
        i += 1;
      }
      if (i >= end && open) return;
      from[fields] = begin;
      to[fields] = finish < 0 ? i : finish;
      quoted[fields] = finish >= 0;
      fields += 1;
      if (stray >= 0 || i >= end || bytes[i] !== delimiter) break;
      i += 1;
    }
    record.end = i;
    record.fields = fields;
    record.lines = line - record.line + 1;
    if (visit(record) === false) return;
    if (i < end) i += bytes[i] === CR && bytes[i + 1] === LF ? 2 : 1;
    line += 1;
  }
}
