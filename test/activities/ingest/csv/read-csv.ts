import { DOUBLED, QUOTED, type CsvRecord } from '../../../../activities/ingest/csv/csv-record.ts';
import { CSV_LIMITS, type CsvFormat, type CsvLimits } from '../../../../activities/ingest/csv/csv-format.ts';
import { CsvSplitter } from '../../../../activities/ingest/csv/csv-splitter.ts';
import { CsvTokenizer } from '../../../../activities/ingest/csv/csv-tokenizer.ts';
import type { Window } from '../../../../activities/ingest/rows/reading.ts';

export interface SeenRecord {
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly defect: string | undefined;
  readonly cells: readonly (string | null)[];
}

export interface Seen {
  readonly records: readonly SeenRecord[];
  /** What was told, and the line. */
  readonly warnings: readonly (readonly [string, number])[];
  readonly windows: readonly Window[];
  /** What the first reader counted in each window. */
  readonly counted: readonly { readonly records: number; readonly fields: number }[];
}

export interface Reading {
  readonly windowBytes?: number;
  /** Bytes the second reader is given at a time. */
  readonly pieceBytes?: number;
  /** Bytes the first reader is given at a time; it is given more when it asks. */
  readonly crumb?: number;
  readonly limits?: CsvLimits;
}

/** Comma, quotes, with a header of these names. */
export function csv(names: readonly string[], more: Partial<CsvFormat> = {}): CsvFormat {
  return { kind: 'csv', delimiter: ',', quote: '"', start: 0, startLine: 1, header: true, comment: '', names, ...more };
}

export function windowsOf(bytes: Uint8Array, format: CsvFormat, reading: Reading = {}, from?: Window): Window[] {
  const { windowBytes = 1 << 20, pieceBytes = 1 << 20, limits = CSV_LIMITS } = reading;
  const splitter = new CsvSplitter(format, { windowBytes, ...(from ? { from } : {}) }, limits);
  const windows: Window[] = [];
  const end = from?.end ?? bytes.length;
  for (let at = from?.start ?? 0; ;) {
    const to = Math.min(end, at + pieceBytes);
    at = splitter.feed(bytes.subarray(at, to), at, to === end, (window) => windows.push(window));
    if (to === end && at === end) return windows;
  }
}

/** Reads bytes with both readers. */
export function readCsv(input: Uint8Array | string, format: CsvFormat, reading: Reading = {}): Seen {
  const all = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
  const records: SeenRecord[] = [];
  const warnings: [string, number][] = [];
  const tokenizer = new CsvTokenizer(
    format,
    {
      quick: () => 0,
      quickEnd: 0,
      good: (record) => records.push(seen(record, format.quote)),
      broken: (defect, line, _, base, start, end) =>
        records.push({ line, offset: base + start, length: end - start, defect, cells: [] }),
      suspicious: (what, line) => warnings.push([what, line]),
    },
    reading.limits,
  );
  const windows = windowsOf(all, format, reading);
  const counted = windows.map((window) => {
    tokenizer.begin(window.line, window.index === 0);
    let size = reading.crumb ?? Infinity;
    for (let at = window.start; at < window.end;) {
      const to = Math.min(window.end, at + size);
      const taken = tokenizer.consume(all.subarray(at, to), at, to === window.end);
      size = taken === 0 ? size * 2 : (reading.crumb ?? Infinity);
      at += taken;
    }
    return { records: tokenizer.records, fields: tokenizer.fields };
  });
  records.sort((a, b) => a.offset - b.offset);
  return { records, warnings, windows, counted };
}

function seen({ bytes, base, start, end, line, from, to, marks }: CsvRecord, quote: string): SeenRecord {
  const cells = Array.from(from, (begin, field) => {
    if (begin === to[field]! && (marks[field]! & QUOTED) === 0) return null;
    const text = Buffer.from(bytes.subarray(begin, to[field])).toString('utf8');
    return (marks[field]! & DOUBLED) === 0 ? text : text.replaceAll(quote + quote, quote);
  });
  return { line, offset: base + start, length: end - start, defect: undefined, cells };
}
