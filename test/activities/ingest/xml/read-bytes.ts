import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { WindowBytes } from '../../../../activities/ingest/rows/format-reader.ts';
import { XmlReader } from '../../../../activities/ingest/xml/read-xml.ts';
import { parseRecordPath } from '../../../../activities/ingest/xml/record-path.ts';
import type { XmlLimits } from '../../../../activities/ingest/xml/xml-limits.ts';
import type { Window } from '../../../../activities/ingest/rows/reading.ts';
import { XmlSplitter } from '../../../../activities/ingest/xml/xml-splitter.ts';
import { RecordedEvents, type Recorded } from './recorded-events.ts';

export interface ReadOptions {
  readonly records?: string;
  /** Bytes that come at once; in all else the file is read as by a thread. */
  readonly piece?: number;
  readonly limits?: XmlLimits;
  readonly asJson?: readonly string[];
  readonly leftOut?: readonly string[];
  /** Where the bytes lie as a file, for broken records. */
  readonly folder?: string;
}

export interface ReadXml {
  readonly records: readonly Recorded[];
  readonly broken: readonly { line: number; offset: number; length: number; reason: string; text: string }[];
  readonly warnings: readonly { what: string; line: number }[];
  readonly counted: { records: number; fields: number };
}

/** Reads an XML document as a thread would, and keeps what was told. */
export function readXml(document: string | Uint8Array, options: ReadOptions = {}): ReadXml {
  const bytes = Buffer.from(document);
  const events = new RecordedEvents(options.asJson ?? [], options.leftOut ?? []);
  const broken: ReadXml['broken'][number][] = [];
  const warnings: ReadXml['warnings'][number][] = [];
  const path = join(options.folder ?? '', 'in.xml');
  if (options.folder) writeFileSync(path, bytes);
  const reader = new XmlReader({
    name: 'in.xml',
    records: parseRecordPath(options.records ?? 'orders/order'),
    events,
    record: 1,
    ...(options.limits ? { limits: options.limits } : {}),
    output: {
      broken: ({ line, offset, length }, reason, text, from, to) => {
        broken.push({ line, offset, length, reason, text: Buffer.from(text.subarray(from, to)).toString() });
      },
      warn: (what, line) => void warnings.push({ what, line }),
      settle: () => undefined,
    },
  });
  const counted = reader.read(windowBytes(path, bytes, options.piece ?? bytes.length));
  expect(counted, 'what the second reader counts').toEqual(countedBySplitter(bytes, options));
  return { records: events.records, broken, warnings, counted };
}

/** Of a document that the first reader has read. */
function countedBySplitter(bytes: Buffer, { records, piece = bytes.length }: ReadOptions): ReadXml['counted'] {
  const splitter = new XmlSplitter(parseRecordPath(records ?? 'orders/order'), { windowBytes: 1 << 30 });
  const windows: Window[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    const next = bytes.subarray(at, at + piece);
    splitter.feed(next, at, at + piece >= bytes.length, (window) => windows.push(window));
  }
  expect(windows.length).toBe(1);
  return { records: windows[0]?.records ?? 0, fields: windows[0]?.fields ?? 0 };
}

/** Gives `piece` more bytes at each call, with what was not taken before them. */
function windowBytes(path: string, bytes: Buffer, piece: number): WindowBytes {
  return {
    path,
    each: (consume) => {
      let from = 0;
      let to = 0;
      do {
        to = Math.min(bytes.length, to + piece);
        from += consume(bytes.subarray(from, to), from, to === bytes.length);
      } while (to < bytes.length);
    },
  };
}
