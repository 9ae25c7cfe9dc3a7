import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { EXPORT_COLUMNS } from './export-columns.ts';

const LINE_END = Buffer.from('\n');
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const DELIMITERS = [',', ';', '\t', '|'];
/** The header's own columns are found within these bytes, or not at all. */
const HEAD_BYTES = 256;
const BOM = '\ufeff';

/**
 * Takes the columns that `quarantine export` put in front of a CSV away again, whatever a spreadsheet made of commas and
 * quotes. A file that does not begin with them comes out as it is; so does a record that ends before they do.
 */
export async function* withoutExportColumns(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { rest } of cutExport(chunks)) yield rest;
}

/** Those columns alone, as CSV in UTF-8 with one empty field more; nothing of a file that does not begin with them. */
export async function* exportColumnsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { front } of cutExport(chunks)) yield front;
}

interface Cut {
  readonly front: Buffer;
  readonly rest: Buffer;
}

async function* cutExport(chunks: AsyncIterable<Buffer>): AsyncGenerator<Cut> {
  const uncut = (rest: Buffer): Cut => ({ front: Buffer.alloc(0), rest });
  let head: Buffer | undefined = Buffer.alloc(0);
  let cut: FieldCut | undefined;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (head) {
      bytes = Buffer.concat([head, chunk]);
      head = bytes;
      if (bytes.length < HEAD_BYTES) continue;
      head = undefined;
      cut = cutFor(bytes);
    }
    yield cut ? cut.take(bytes) : uncut(bytes);
  }
  if (head) {
    cut = cutFor(head);
    yield cut ? cut.take(head) : uncut(head);
  }
  if (cut) yield uncut(cut.end());
}

/** What separates the fields of a file that begins with those columns; `undefined` for any other. */
export async function exportDelimiter(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return delimiterOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function delimiterOf(head: Buffer): string | undefined {
  const text = head.toString('utf8', 0, HEAD_BYTES);
  return DELIMITERS.find((candidate) => beginsWithColumns(text, candidate));
}

function cutFor(head: Buffer): FieldCut | undefined {
  const delimiter = delimiterOf(head);
  return delimiter === undefined ? undefined : new FieldCut(delimiter.charCodeAt(0), EXPORT_COLUMNS.length);
}

function beginsWithColumns(text: string, delimiter: string): boolean {
  const fields = text.replace(BOM, '').split(delimiter, EXPORT_COLUMNS.length + 1);
  const names = EXPORT_COLUMNS.every((name, index) => fields[index] === name || fields[index] === `"${name}"`);
  return names && fields.length > EXPORT_COLUMNS.length;
}

/** Cuts the first fields off each record of a CSV that comes in pieces. */
class FieldCut {
  private readonly delimiter: number;
  private readonly fields: number;
  private field = 0;
  private atFieldStart = true;
  private isQuoted = false;
  /** The byte before was a quote that closed a field, or was the first of a doubled one. */
  private afterQuote = false;
  /** What was skipped of the record so far, should it be all of it. */
  private skipped: Buffer[] = [];

  constructor(delimiter: number, fields: number) {
    this.delimiter = delimiter;
    this.fields = fields;
  }

  take(bytes: Buffer): Cut {
    const fronts: Buffer[] = [];
    const kept: Buffer[] = [];
    let from = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      const byte = bytes[i]!;
      const wasAfterQuote = this.afterQuote;
      this.afterQuote = false;
      if (this.isQuoted) {
        this.isQuoted = byte !== QUOTE;
        this.afterQuote = byte === QUOTE;
      } else if (byte === QUOTE && (this.atFieldStart || wasAfterQuote)) {
        // A doubled quote closes and opens again: all that counts is the last one.
        this.isQuoted = true;
      } else if (byte === this.delimiter) {
        this.field += 1;
        if (this.field === this.fields) {
          fronts.push(asUtf8(Buffer.concat([...this.skipped, bytes.subarray(from, i + 1)])), LINE_END);
          this.skipped = [];
          from = i + 1;
        }
        this.atFieldStart = true;
        continue;
      } else if (byte === LF || byte === CR) {
        this.flush(kept, bytes, from, i + 1);
        from = i + 1;
        this.field = 0;
        this.atFieldStart = true;
        continue;
      }
      this.atFieldStart = false;
    }
    if (this.field >= this.fields) kept.push(bytes.subarray(from));
    else this.skipped.push(bytes.subarray(from));
    return { front: Buffer.concat(fronts), rest: Buffer.concat(kept) };
  }

  end(): Buffer {
    return this.field >= this.fields ? Buffer.alloc(0) : Buffer.concat(this.skipped);
  }

  private flush(kept: Buffer[], bytes: Buffer, from: number, to: number): void {
    if (this.field < this.fields) kept.push(...this.skipped);
    this.skipped = [];
    kept.push(bytes.subarray(from, to));
  }
}

/** Spreadsheets save CSV in the encoding of their system, where that is not UTF-8. */
function asUtf8(bytes: Buffer): Buffer {
  return isUtf8(bytes) ? bytes : Buffer.from(new TextDecoder('windows-1252').decode(bytes));
}
