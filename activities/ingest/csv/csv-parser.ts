import type { Counted, Parsing, WindowBytes, WindowParser } from '../rows/format-reader.ts';
import type { RecordOutput } from '../rows/record-output.ts';
import type { RowBuilder } from '../rows/row-builder.ts';
import type { Window } from '../rows/reading.ts';
import type { TypeEvidence } from '../types/evidence.ts';
import { matchFields } from './csv-fields.ts';
import { byteOf, CSV_LIMITS, type CsvFormat, type CsvLimits } from './csv-format.ts';
import { DOUBLED, QUOTED, type CsvRecord } from './csv-record.ts';
import { CsvTokenizer, type RecordHandler } from './csv-tokenizer.ts';
import { DirectRows } from './direct-rows.ts';

/** So many records of a window may be unfit for the quick way before it must have been worth trying. */
const TRIAL = 100;

/** The first reader: puts the records of delimited text into rows. */
export class CsvParser implements WindowParser, RecordHandler {
  quickEnd = 0;
  private readonly tokenizer: CsvTokenizer;
  private readonly output: RecordOutput;
  private readonly rows: RowBuilder;
  private readonly suspects: RowBuilder;
  /** For each column the field that holds it; -1: the file has none. */
  private readonly fields: Int32Array;
  private readonly unknown: readonly { readonly field: number; readonly name: string }[];
  private readonly evidence: TypeEvidence[] = [];
  /** Nothing where fields are unknown: these have to be looked at one by one. */
  private readonly direct: DirectRows | undefined;
  private directRecords = 0;
  private otherRecords = 0;
  private readonly quote: number;
  /** A value without the doubling of its quotes. */
  private scratch = new Uint8Array(1024);

  constructor(format: CsvFormat, parsing: Parsing, limits: CsvLimits = CSV_LIMITS) {
    const { output, layout } = parsing;
    this.output = output;
    this.rows = output.tables[0].good;
    this.suspects = output.tables[0].suspect;
    this.quote = byteOf(format.quote);
    const { fields, unknown } = matchFields(format.names, layout);
    this.fields = Int32Array.from(fields);
    this.unknown = unknown;
    this.tokenizer = new CsvTokenizer(format, this, limits);
    if (unknown.length > 0) return;
    const columnOf = format.names.map((_, field) => fields.indexOf(field));
    this.direct = new DirectRows(format, this.rows, columnOf, fields.length, limits.recordBytes);
  }

  parse(window: Window, bytes: WindowBytes): Counted {
    const { tokenizer } = this;
    this.directRecords = 0;
    this.otherRecords = 0;
    tokenizer.begin(window.line, window.index === 0);
    bytes.each((piece, base, last) => tokenizer.consume(piece, base, last));
    return { records: tokenizer.records, fields: tokenizer.fields };
  }

  quick(bytes: Uint8Array, base: number, at: number, line: number): number {
    const { direct } = this;
    if (direct === undefined) return 0;
    if (this.otherRecords > TRIAL && this.otherRecords > this.directRecords) return 0;
    const count = direct.read(bytes, base, at, line);
    this.quickEnd = direct.end;
    this.directRecords += count;
    if (count === 0) this.otherRecords += 1;
    this.output.settle();
    return count;
  }

  good(record: CsvRecord): void {
    this.put(record);
    if (this.unknown.length > 0) this.gather(record);
    this.output.settle();
  }

  broken(defect: string, line: number, bytes: Uint8Array, base: number, start: number, end: number): void {
    this.output.broken({ line, offset: base + start, length: end - start }, defect, bytes, start, end);
  }

  suspicious(what: string, line: number): void {
    this.output.warn(what, line);
  }

  /** A record goes whole into the rows, or whole into the suspects. */
  private put(record: CsvRecord): void {
    const { rows, fields } = this;
    const { from, to, marks, bytes } = record;
    let fits = true;
    rows.line = record.line;
    for (let column = 0; column < fields.length; column += 1) {
      const field = fields[column]!;
      const begin = from[field]!;
      const end = to[field]!;
      if (field < 0 || (begin === end && marks[field] === 0)) {
        if (!rows.nothing(column)) fits = false;
      } else if ((marks[field]! & DOUBLED) === 0) {
        if (!rows.value(column, bytes, begin, end)) fits = false;
      } else {
        const length = this.undouble(bytes, begin, end);
        if (!rows.value(column, this.scratch, 0, length)) fits = false;
      }
    }
    if (fits) {
      this.putPlace(rows, record);
      if (rows.endRow()) return;
    }
    rows.rollback();
    this.putSuspect(record);
  }

  private putSuspect(record: CsvRecord): void {
    const { suspects, fields } = this;
    const { from, to, marks, bytes } = record;
    for (let column = 0; column < fields.length; column += 1) {
      const field = fields[column]!;
      const begin = from[field]!;
      const end = to[field]!;
      if (field < 0 || (begin === end && (marks[field]! & QUOTED) === 0)) continue;
      if ((marks[field]! & DOUBLED) === 0) suspects.text(column, bytes, begin, end);
      else {
        const length = this.undouble(bytes, begin, end);
        suspects.text(column, this.scratch, 0, length);
      }
    }
    this.putPlace(suspects, record);
    suspects.endRow();
  }

  private putPlace(rows: RowBuilder, { line, base, start, end }: CsvRecord): void {
    const { length } = this.fields;
    // `_file` is the same in every row.
    rows.integer(length + 1, line);
    rows.integer(length + 2, base + start);
    rows.integer(length + 3, end - start);
  }

  /** Gathers what is known of fields that the layout does not have. */
  private gather({ bytes, from, to, marks, line }: CsvRecord): void {
    for (const [index, { field, name }] of this.unknown.entries()) {
      const evidence = (this.evidence[index] ??= this.output.finding('', name, 'value', line));
      const begin = from[field]!;
      const end = to[field]!;
      if (begin === end && marks[field] === 0) evidence.seeNothing();
      else if ((marks[field]! & DOUBLED) === 0) evidence.see('plain', bytes, begin, end, line);
      else {
        const length = this.undouble(bytes, begin, end);
        evidence.see('plain', this.scratch, 0, length, line);
      }
    }
  }

  /** Writes a value to `scratch`, each doubled quote once, and returns its length. */
  private undouble(bytes: Uint8Array, from: number, to: number): number {
    if (this.scratch.length < to - from) this.scratch = new Uint8Array(2 * (to - from));
    const { scratch, quote } = this;
    let at = 0;
    for (let i = from; i < to; i += 1, at += 1) {
      scratch[at] = bytes[i]!;
      if (bytes[i] === quote) i += 1;
    }
    return at;
  }
}
