import { closeSync, openSync, readSync } from 'node:fs';
import { byteOf } from './csv-format.ts';
import { couldBeRecord } from './dialect-reading.ts';
import type { CsvDialect } from './dialect.ts';
import { scanRecords } from './scan-records.ts';

const PIECE_BYTES = 1 << 20;
const HASH = 0x23;

/**
 * Whether no line of the whole file that begins with `#` could be a record of `width` fields: only then may such lines be
 * left out as comments. Searches for them and reads nothing else, so it takes little more than reading the bytes. Blocks.
 */
export function noHashLineFits(
  path: string,
  { delimiter, quote, start }: Pick<CsvDialect, 'delimiter' | 'quote' | 'start'>,
  width: number,
): boolean {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(2 * PIECE_BYTES);
    let held = 0;
    for (let at = start, last = false; !last;) {
      const read = readSync(file, buffer, held, PIECE_BYTES, at);
      at += read;
      held += read;
      last = read === 0;
      const piece = buffer.subarray(0, held);
      let whole = last ? held : Math.max(piece.lastIndexOf(0x0a), piece.lastIndexOf(0x0d)) + 1;
      // A line longer than a piece is no comment that people write; what is known of it is judged.
      if (whole === 0 && held >= PIECE_BYTES) whole = held;
      if (anyHashLineFits(piece.subarray(0, whole), { delimiter, quote }, width)) return false;
      buffer.copyWithin(0, whole, held);
      held -= whole;
    }
    return true;
  } finally {
    closeSync(file);
  }
}

/** The same of whole lines. */
export function anyHashLineFits(
  lines: Buffer,
  dialect: Pick<CsvDialect, 'delimiter' | 'quote'>,
  width: number,
): boolean {
  const marks = { delimiter: byteOf(dialect.delimiter), quote: byteOf(dialect.quote), comment: -1 };
  for (let at = lines.indexOf(HASH); at >= 0; at = lines.indexOf(HASH, at + 1)) {
    if (at > 0 && lines[at - 1] !== 0x0a && lines[at - 1] !== 0x0d) continue;
    let quotes = 0;
    let bare = 1;
    let end = at;
    while (end < lines.length && lines[end] !== 0x0a && lines[end] !== 0x0d) {
      if (lines[end] === marks.delimiter) bare += 1;
      else if (lines[end] === marks.quote) quotes += 1;
      end += 1;
    }
    let fields = bare;
    if (quotes > 0) {
      scanRecords(lines.subarray(at, end), 0, marks, false, (record) => {
        fields = record.fields;
        return false;
      });
    }
    if (couldBeRecord({ hash: true, fields, bare }, width)) return true;
    at = end;
  }
  return false;
}
