import { matchFields } from '../csv/csv-fields.ts';
import type { Counted, Parsing, WindowBytes, WindowParser } from '../rows/format-reader.ts';
import type { FormatJob, Window } from '../rows/reading.ts';
import type { RowBuilder } from '../rows/row-builder.ts';
import type { TypeEvidence } from '../types/evidence.ts';
import { withSheet } from './open-sheet.ts';
import { SheetHeader } from './sheet-header.ts';
import type { SheetRow } from './sheet-parser.ts';

export type ExcelFormat = Extract<FormatJob, { kind: 'excel' }>;

/** Rows that a sample looks at. */
const SAMPLE_ROWS = 10_000;

/**
 * Puts the rows of a sheet into rows. Rows with nothing in them are passed over. `_line` is the row's number in the sheet;
 * bytes of the file say nothing here, so `_offset` and `_length` are 0.
 */
export class ExcelParser implements WindowParser {
  private readonly format: ExcelFormat;
  private readonly parsing: Parsing;
  private readonly rows: RowBuilder;
  private readonly suspects: RowBuilder;
  private header: SheetHeader | undefined;
  /** The sheet's columns that the header names. */
  private named: readonly number[] = [];
  /** By the sheet's column: the column of the layout, -1 where it is left out, -2 where it is not known. */
  private targets: number[] = [];
  private readonly evidence = new Map<number, TypeEvidence>();
  /** Of the cells that the layout has columns for: where their text stands in `scratch`. */
  private from = new Int32Array(0);
  private to = new Int32Array(0);
  private scratch = new Uint8Array(64 * 1024);
  private scratchEnd = 0;
  private records = 0;
  private fields = 0;
  private lastLine = 0;

  constructor(format: ExcelFormat, parsing: Parsing) {
    this.format = format;
    this.parsing = parsing;
    this.rows = parsing.output.tables[0].good;
    this.suspects = parsing.output.tables[0].suspect;
    const width = parsing.layout.tables[0].columns.length;
    this.from = new Int32Array(width);
    this.to = new Int32Array(width);
  }

  async parse(_window: Window, bytes: WindowBytes): Promise<Counted> {
    const { parsing, format } = this;
    const { output } = parsing;
    await withSheet(bytes.path, parsing.name, format.sheet, async (sheet) => {
      for (const other of sheet.others) output.warn(`the sheet "${other}" holds something too and is not read`, 1);
      await sheet.read({
        row: (row) => this.take(row),
        merged: () => output.warn('merged cells: the value stands in the first of them only', this.lastLine),
      });
    });
    return { records: this.records, fields: this.fields };
  }

  private take(row: SheetRow): boolean {
    const { output } = this.parsing;
    if (!this.header) {
      this.begin(row);
      if (this.format.header) return true;
    }
    for (let line = this.lastLine + 1; line < row.line && line < this.lastLine + MOST_TOLD; line++) {
      output.warn('an empty row is passed over', line);
    }
    if (this.records === 0) this.noteHeader();
    this.lastLine = row.line;
    this.records++;
    this.fields += row.columns.length;
    if (row.problem === undefined) this.put(row);
    else this.breakRow(row, row.problem);
    output.settle();
    return !(this.parsing.sample && this.records >= SAMPLE_ROWS);
  }

  /** The first row with something in it. */
  private begin(row: SheetRow): void {
    this.header = new SheetHeader(this.format.header ? row : undefined);
    this.lastLine = this.format.header ? row.line : row.line - 1;
    if (!this.format.header) return;
    this.named = row.columns;
    if (row.problem !== undefined) {
      this.parsing.output.warn(`the header has ${row.problem}`, row.line);
    }
  }

  /** With its first row a sheet has all columns of its header, and not only those with values. */
  private noteHeader(): void {
    for (const column of this.named) if (this.targetOf(column) === UNKNOWN) this.evidenceOf(column, this.lastLine);
  }

  private put(row: SheetRow): void {
    const { rows, from, to } = this;
    from.fill(-1);
    this.scratchEnd = 0;
    rows.line = row.line;
    for (let cell = 0; cell < row.columns.length; cell++) {
      const target = this.targetOf(row.columns[cell]!);
      if (target === LEFT_OUT) continue;
      const text = row.texts[cell]!;
      const begin = this.keep(text);
      if (target >= 0) {
        from[target] = begin;
        to[target] = this.scratchEnd;
      } else {
        this.evidenceOf(row.columns[cell]!, row.line).see('plain', this.scratch, begin, this.scratchEnd, row.line);
      }
    }
    if (this.putGood(row.line)) return;
    rows.rollback();
    const { suspects } = this;
    for (let column = 0; column < from.length; column++) {
      if (from[column]! >= 0) suspects.text(column, this.scratch, from[column]!, to[column]!);
    }
    this.putPlace(suspects, row.line);
    suspects.endRow();
  }

  private putGood(line: number): boolean {
    const { rows, from, to, scratch } = this;
    let fits = true;
    for (let column = 0; column < from.length; column++) {
      const begin = from[column]!;
      const fitted = begin < 0 ? rows.nothing(column) : rows.value(column, scratch, begin, to[column]!);
      if (!fitted) fits = false;
    }
    if (!fits) return false;
    this.putPlace(rows, line);
    return rows.endRow();
  }

  private putPlace(rows: RowBuilder, line: number): void {
    const { length } = this.from;
    // `_file` is the same in every row.
    rows.integer(length + 1, line);
    rows.integer(length + 2, 0);
    rows.integer(length + 3, 0);
  }

  /** The row as JSON, by the names of its columns. */
  private breakRow(row: SheetRow, problem: string): void {
    const cells = row.columns.map((column, index) => [this.nameOf(column), row.texts[index]] as const);
    const text = Buffer.from(JSON.stringify(Object.fromEntries(cells)));
    this.parsing.output.broken({ line: row.line, offset: 0, length: text.length }, problem, text, 0, text.length);
  }

  private nameOf(column: number): string {
    return this.format.names?.[column] ?? this.header!.nameOf(column);
  }

  private targetOf(column: number): number {
    for (let next = this.targets.length; next <= column; next++) this.targets.push(this.find(this.nameOf(next)));
    return this.targets[column]!;
  }

  private find(name: string): number {
    const { fields, unknown } = matchFields([name], this.parsing.layout);
    const target = fields.indexOf(0);
    if (target >= 0) return target;
    return unknown.length > 0 ? UNKNOWN : LEFT_OUT;
  }

  private evidenceOf(column: number, line: number): TypeEvidence {
    let evidence = this.evidence.get(column);
    if (!evidence) {
      evidence = this.parsing.output.finding('', this.nameOf(column), 'value', line);
      this.evidence.set(column, evidence);
    }
    return evidence;
  }

  /** Writes a text to the scratch; answers where it begins. */
  private keep(text: string): number {
    const begin = this.scratchEnd;
    const needed = begin + text.length * 3;
    if (needed > this.scratch.length) {
      const wider = new Uint8Array(needed * 2);
      wider.set(this.scratch.subarray(0, begin));
      this.scratch = wider;
    }
    this.scratchEnd = begin + encoder.encodeInto(text, this.scratch.subarray(begin)).written;
    return begin;
  }
}

const LEFT_OUT = -1;
const UNKNOWN = -2;
/** Empty rows in one place that are told one by one. */
const MOST_TOLD = 1000;
const encoder = new TextEncoder();
