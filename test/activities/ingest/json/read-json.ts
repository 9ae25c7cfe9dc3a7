import { expect } from 'vitest';
import { jsonLinesReader, jsonReader } from '../../../../activities/ingest/json/json-reader.ts';
import type { Parsing, SplitOptions, WindowParser } from '../../../../activities/ingest/rows/format-reader.ts';
import type { RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import type { FieldFinding, Splitter, Window } from '../../../../activities/ingest/rows/reading.ts';
import { BuiltRows, type Broken, type Row } from '../nested/built-rows.ts';
import { EMPTY_LAYOUT, mendLayout } from '../nested/mend-layout.ts';

export interface Reading {
  readonly format?: 'jsonl' | 'json';
  /** Path of the list, of `json`. */
  readonly records?: string;
  readonly layout?: RowLayout;
  readonly windowBytes?: number;
  /** Bytes that the second reader is fed at a time, and the first where a window is larger. */
  readonly pieceBytes?: number;
}

export interface Read {
  readonly layout: RowLayout;
  readonly records: number;
  readonly windows: readonly Window[];
  readonly good: Row[][];
  readonly suspects: Row[][];
  readonly broken: readonly Broken[];
  readonly findings: readonly FieldFinding[];
}

/** Reads JSON with both readers, window by window, and holds their counts against each other. */
export function readJson(content: string | Uint8Array, reading: Reading = {}): Read {
  const bytes = typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : content;
  const { layout = EMPTY_LAYOUT, windowBytes = 1 << 20, pieceBytes = 1 << 20 } = reading;
  const output = new BuiltRows(layout);
  const parser = parserOf(reading, { output, layout, name: 'file', sample: false });
  const windows = windowsOf(bytes, reading, { windowBytes, name: 'file' }, pieceBytes);
  let records = 0;
  for (const window of windows) {
    const before = output.tables[0].good.rows + output.tables[0].suspect.rows + output.brokenRecords.length;
    const counted = parser.parse(window, { path: '', each: (consume) => feed(bytes, window, pieceBytes, consume) });
    expect(counted).toEqual({ records: window.records, fields: window.fields });
    const after = output.tables[0].good.rows + output.tables[0].suspect.rows + output.brokenRecords.length;
    expect(after - before).toBe(window.records);
    records += window.records;
  }
  const { good, suspects, brokenRecords: broken } = output;
  return { layout, records, windows, good, suspects, broken, findings: output.findings.all() };
}

/** Reads, mends the layout by what was found, and reads again, until nothing is found. */
export function readUntilKnown(content: string | Uint8Array, reading: Reading = {}): Read {
  let layout = reading.layout ?? EMPTY_LAYOUT;
  for (let times = 0; times < 20; times += 1) {
    const read = readJson(content, { ...reading, layout });
    if (read.findings.length === 0) return read;
    layout = mendLayout(layout, read.findings);
  }
  throw new Error('There is always something new.');
}

export function windowsOf(bytes: Uint8Array, reading: Reading, options: SplitOptions, pieceBytes: number): Window[] {
  const splitter = splitterOf(reading, options);
  const windows: Window[] = [];
  const start = options.from?.start ?? 0;
  for (let at = start; at < bytes.length || at === start; at += pieceBytes) {
    const end = Math.min(bytes.length, at + pieceBytes);
    splitter.feed(bytes.subarray(at, end), at, end === bytes.length, (window) => windows.push(window));
  }
  return windows;
}

function splitterOf({ format, records = '' }: Reading, options: SplitOptions): Splitter {
  if (format === 'json') return jsonReader.createSplitter!({ kind: 'json', records }, options);
  return jsonLinesReader.createSplitter!({ kind: 'jsonl' }, options);
}

function parserOf({ format, records = '' }: Reading, parsing: Parsing): WindowParser {
  if (format === 'json') return jsonReader.createParser({ kind: 'json', records }, parsing);
  return jsonLinesReader.createParser({ kind: 'jsonl' }, parsing);
}

function feed(
  bytes: Uint8Array,
  { start, end }: Window,
  pieceBytes: number,
  consume: (bytes: Uint8Array, base: number, last: boolean) => number,
): void {
  let size = pieceBytes;
  for (let at = start; at < end;) {
    const to = Math.min(end, at + size);
    // A copy without a byte to spare: nothing may be read behind it.
    const taken = consume(bytes.slice(at, to), at, to === end);
    if (to === end) return;
    // More must come before it can go on.
    size = taken === 0 ? size * 2 : pieceBytes;
    at += taken;
  }
}
