import { byteOf } from './csv-format.ts';
import type { DialectSample } from './dialect-sample.ts';
import type { QuoteDefect } from './quote-defect.ts';
import { scanRecords, type ScannedRecord } from './scan-records.ts';

/** Records at the beginning, and of each window, whose cells are looked at. */
const HEAD_LINES = 200;
const WINDOW_LINES = 10;
/** Characters of cells that are kept in all. */
const KEPT_TEXT = 256 << 10;

/** Three characters that a file may be written with; empty: none. */
export interface DialectMarks {
  readonly delimiter: string;
  readonly quote: string;
  readonly comment: string;
}

/** A record as one reading has it. */
export interface ReadLine {
  /** Position in the head and 1-based line; of no use in a window. */
  readonly start: number;
  readonly line: number;
  readonly fields: number;
  /** Of a quote that stands where none can. */
  readonly defect: QuoteDefect | undefined;
  /** It begins with `#`. */
  readonly hash: boolean;
  /** Fields that it has when nothing quotes. */
  readonly bare: number;
  readonly cells: readonly string[];
  readonly quoted: readonly boolean[];
}

/** A sample as it reads with certain marks. Lines that begin with `#` and could be no record are left out of all counts. */
export interface DialectReading {
  readonly marks: DialectMarks;
  /** The first records of the file. */
  readonly lines: readonly ReadLine[];
  /** Records from all over it. */
  readonly later: readonly ReadLine[];
  readonly records: number;
  /** Fields that most records have; of two that are as frequent, those of the first record. */
  readonly width: number;
  /** Records that have them, and no quote where none can be. */
  readonly fits: number;
  /** `fits / records`. */
  readonly share: number;
  /** Records with so many fields, and no quote where none can be. */
  recordsOf(fields: number): number;
  /** The same, and those with such a quote that have so many fields nevertheless. */
  agreeingOf(fields: number): number;
  /** The first record of the head that has other fields than `width`, or a quote where none can be. */
  readonly misfit: Pick<ReadLine, 'line' | 'fields' | 'defect'> | undefined;
  /** Fields in quotes, records that go over a line end in them, and records with a quote where none can be. */
  readonly quotedFields: number;
  readonly quotedLines: number;
  readonly strays: number;
}

/** Reads the sample with these marks from a byte of the head on. `width`: the fields are known. */
export function readWith(
  sample: DialectSample,
  start: { readonly byte: number; readonly line: number },
  marks: DialectMarks,
  width?: number,
): DialectReading {
  const scan = { delimiter: byteOf(marks.delimiter), quote: byteOf(marks.quote), comment: byteOf(marks.comment) };
  const plain = new Map<number, number>();
  const hashes = new Map<number, number>();
  const broken = new Map<number, number>();
  const firsts = new Map<number, NonNullable<DialectReading['misfit']>>();
  let quotedFields = 0;
  let quotedLines = 0;
  let strays = 0;
  let room = KEPT_TEXT;
  const count = (record: ScannedRecord, bytes: Uint8Array): number => {
    for (let i = 0; i < record.fields; i += 1) if (record.quoted[i]) quotedFields += 1;
    if (record.defect !== undefined) {
      strays += 1;
      add(broken, record.fields);
    } else if (record.lines > 1) quotedLines += 1;
    const counts = bytes[record.start] === HASH ? hashes : plain;
    return add(counts, record.defect === undefined ? record.fields : BROKEN);
  };
  const keep = (record: ScannedRecord, bytes: Uint8Array, firstLine: number): ReadLine => {
    const cells = room > 0 ? cellsOf(record, bytes, marks.quote) : [];
    room -= record.end - record.start;
    const { start: at, line, fields, defect } = record;
    const hash = bytes[at] === HASH;
    const bare = hash ? bareFields(bytes.subarray(at, record.end), scan.delimiter) : fields;
    return {
      start: at,
      line: firstLine + line - 1,
      fields,
      defect,
      hash,
      bare,
      cells,
      quoted: record.quoted.slice(0, fields),
    };
  };

  const lines: ReadLine[] = [];
  scanRecords(sample.head, start.byte, scan, !sample.whole, (record) => {
    const first = count(record, sample.head) === 1 && sample.head[record.start] !== HASH;
    if (first) {
      const { line, fields, defect } = record;
      firsts.set(defect === undefined ? fields : BROKEN, { line: start.line + line - 1, fields, defect });
    }
    if (lines.length < HEAD_LINES) lines.push(keep(record, sample.head, start.line));
    return true;
  });
  const later: ReadLine[] = [];
  sample.windows.forEach((window, index) => {
    let seen = 0;
    scanRecords(window, 0, scan, index < sample.windows.length - 1, (record) => {
      count(record, window);
      if (seen++ < WINDOW_LINES) later.push(keep(record, window, 0));
      return true;
    });
  });

  const first = lines.find(({ hash }) => !hash) ?? lines[0];
  const most =
    width ?? mostFrequent(plain.size > 0 ? plain : hashes, first && first.defect === undefined ? first.fields : 1);
  const recordsOf = (fields: number): number => (plain.get(fields) ?? 0) + (hashes.get(fields) ?? 0);
  const records =
    [...plain.values()].reduce((sum, some) => sum + some, 0) + (hashes.get(most) ?? 0) + (hashes.get(BROKEN) ?? 0);
  const agreeingOf = (fields: number): number => recordsOf(fields) + (broken.get(fields) ?? 0);
  const fits = recordsOf(most);
  const share = records === 0 ? 0 : fits / records;
  firsts.delete(most);
  const misfit = [...firsts.values()].sort((a, b) => a.line - b.line)[0];
  const counted = { records, width: most, fits, share, recordsOf, agreeingOf, misfit };
  return { marks, lines, later, ...counted, quotedFields, quotedLines, strays };
}

/** Whether a line is a record of so many fields, without a quote where none can be. */
export function isRecord(line: ReadLine, width: number): boolean {
  return line.fields === width && line.defect === undefined;
}

/** The contents of a record's fields. */
export function cellsOf(record: ScannedRecord, bytes: Uint8Array, quote: string): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: record.fields }, (_, i) => {
    const cell = text.toString('utf8', record.from[i], record.to[i]);
    return record.quoted[i] ? cell.replaceAll(quote + quote, quote) : cell;
  });
}

/** Whether a line could be a record of so many fields, quoted or not; every line without `#` counts as one. */
export function couldBeRecord(line: Pick<ReadLine, 'hash' | 'fields' | 'bare'>, width: number): boolean {
  return !line.hash || line.fields === width || line.bare === width;
}

/** Fields of a line when nothing quotes. */
function bareFields(line: Uint8Array, delimiter: number): number {
  return line.reduce((fields, byte) => (byte === delimiter ? fields + 1 : fields), 1);
}

const HASH = 0x23;
/** Stands for the fields of a record that has a quote where none can be. */
const BROKEN = 0;

/** One more; returns how many there are now. */
function add(counts: Map<number, number>, fields: number): number {
  const count = (counts.get(fields) ?? 0) + 1;
  counts.set(fields, count);
  return count;
}

function mostFrequent(counts: ReadonlyMap<number, number>, preferred: number): number {
  let best = preferred;
  let most = counts.get(preferred) ?? 0;
  for (const [fields, count] of counts) {
    if (fields > 0 && count > most) {
      best = fields;
      most = count;
    }
  }
  return best;
}
