import { FieldTree } from '../nested/field-tree.ts';
import { RecordTables } from '../nested/record-tables.ts';
import { RecordTape } from '../nested/record-tape.ts';
import type { Counted, Parsing, WindowBytes, WindowParser } from '../rows/format-reader.ts';
import type { RecordOutput } from '../rows/record-output.ts';
import type { Window } from '../rows/reading.ts';
import type { JsonLimits } from './json-limits.ts';
import { RecordParser } from './record-parser.ts';

/** Records between two looks at how much has gathered. */
const SETTLE_RECORDS = 64;

/** What the first readers of JSON share, wherever their records stand: windows, counts, and what becomes of a record. */
export abstract class JsonWindowParser implements WindowParser {
  protected readonly output: RecordOutput;
  protected readonly parser: RecordParser;
  protected readonly limits: JsonLimits;
  /** Of the record that is read; its line is that of the next byte between records. */
  protected readonly place = { offset: 0, length: 0, line: 0, record: 0 };
  protected fields = 0;
  private readonly tables: RecordTables;
  private records = 0;
  private firstRecord = 0;

  /** `spaces`: what may stand between the tokens of a record, by byte. */
  protected constructor({ layout, output, name }: Parsing, limits: JsonLimits, spaces: Uint8Array) {
    const tree = new FieldTree(layout);
    const tape = new RecordTape();
    this.output = output;
    this.limits = limits;
    this.tables = new RecordTables(tree, tape, { layout, output, name, repeats: 'refused' });
    this.parser = new RecordParser(tree, tape, limits.depth, spaces);
  }

  parse(window: Window, bytes: WindowBytes): Counted {
    this.records = 0;
    this.fields = 0;
    this.firstRecord = window.record;
    this.place.line = window.line;
    this.begin();
    bytes.each((piece, base, last) => this.piece(piece, base, last));
    this.tables.settle();
    this.output.settle();
    return { records: this.records, fields: this.fields };
  }

  /** A window begins. */
  protected abstract begin(): void;

  /** Reads the records of a piece that stands at `base`, and answers how many of its bytes; the rest comes again. */
  protected abstract piece(piece: Uint8Array, base: number, last: boolean): number;

  /** A record begins at this byte of the file. */
  protected beginRecord(offset: number): void {
    this.place.record = this.firstRecord + this.records;
    this.place.offset = offset;
    this.records += 1;
  }

  /** The parser's record goes to its tables. */
  protected put(bytes: Uint8Array): void {
    this.tables.put(bytes, this.place);
    if (this.records % SETTLE_RECORDS === 0) this.output.settle();
  }
}
