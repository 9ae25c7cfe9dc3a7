import type { XmlEvents } from '../xml/xml-events.ts';
import { columnOf, columnLetters, MOST_ROWS } from './cell-place.ts';
import { cellText, type CellContext } from './cell-text.ts';
import { attributeOf, localName } from './read-part.ts';

/** One row of a sheet, only valid while it is told. */
export interface SheetRow {
  /** 1-based. */
  readonly line: number;
  /** The cells that hold something, from left to right: 0-based columns, and their texts. */
  readonly columns: readonly number[];
  readonly texts: readonly string[];
  /** Why the row is broken: `#N/A in column C`. */
  readonly problem: string | undefined;
  /** Elements and attributes that the row is written with. */
  readonly fields: number;
}

export interface SheetListener {
  row(row: SheetRow): void;
  /** Cells are merged: but for the first they are empty. */
  merged(): void;
  /** The sheet contradicts itself: not to be believed. */
  corrupt(why: string): never;
}

/** Makes the elements of a worksheet part into rows. */
export class SheetParser implements XmlEvents {
  readonly #context: CellContext;
  readonly #listener: SheetListener;
  /** Elements open around and in the rows. */
  #depth = 0;
  #inData = false;
  #line = 0;
  #fields = 0;
  #columns: number[] = [];
  #texts: string[] = [];
  #problem: string | undefined;
  #column = -1;
  #type = 'n';
  #style = 0;
  #value: string | undefined;
  #inline: string | undefined;
  #formula = false;
  /** The element whose text is taken. */
  #taking: 'v' | 't' | undefined;
  #reading = 0;

  constructor(context: CellContext, listener: SheetListener) {
    this.#context = context;
    this.#listener = listener;
  }

  open(name: string, attributes: readonly string[]): void {
    const depth = ++this.#depth;
    const local = localName(name);
    if (depth === 2) this.#inData = local === 'sheetData';
    if (depth === 3 && local === 'mergeCell') this.#listener.merged();
    if (!this.#inData || depth < 3) return;
    this.#fields += 1 + attributes.length / 2;
    if (depth === 3) this.#openRow(local, attributes);
    else if (depth === 4) this.#openCell(local, attributes);
    else this.#openInCell(local);
  }

  text(text: string): void {
    if (this.#taking === 'v') this.#value = (this.#value ?? '') + text;
    else if (this.#taking === 't' && this.#reading === 0) this.#inline = (this.#inline ?? '') + text;
  }

  close(): void {
    const depth = this.#depth--;
    if (!this.#inData || depth < 3) return;
    if (depth === 3) this.#closeRow();
    else if (depth === 4) this.#closeCell();
    else {
      this.#taking = undefined;
      if (this.#reading >= depth) this.#reading = 0;
    }
  }

  #openRow(local: string, attributes: readonly string[]): void {
    if (local !== 'row') this.#listener.corrupt('It holds something else than rows.');
    const number = attributeOf(attributes, 'r');
    const line = number === undefined ? this.#line + 1 : Number(number);
    if (!Number.isInteger(line) || line <= this.#line || line > MOST_ROWS) {
      this.#listener.corrupt(`Behind row ${this.#line} stands one with an impossible number.`);
    }
    this.#line = line;
    this.#fields = 1 + attributes.length / 2;
    this.#columns = [];
    this.#texts = [];
    this.#problem = undefined;
    this.#column = -1;
  }

  #openCell(local: string, attributes: readonly string[]): void {
    this.#type = '';
    if (local !== 'c') return;
    const reference = attributeOf(attributes, 'r');
    const column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (column === undefined || column <= this.#column) {
      this.#listener.corrupt(`In row ${this.#line} a cell stands in an impossible place.`);
    }
    this.#column = column;
    this.#type = attributeOf(attributes, 't') ?? 'n';
    this.#style = Number(attributeOf(attributes, 's') ?? 0);
    this.#value = undefined;
    this.#inline = undefined;
    this.#formula = false;
  }

  #openInCell(local: string): void {
    if (local === 'f') this.#formula = true;
    else if (local === 'v') {
      this.#taking = 'v';
      this.#value = '';
    } else if (local === 'is') this.#inline = '';
    else if (local === 't') this.#taking = 't';
    else if (local === 'rPh') this.#reading = this.#depth;
  }

  #closeCell(): void {
    if (this.#type === '') return;
    const read = cellText(
      {
        type: this.#type,
        style: this.#style,
        value: this.#value,
        inline: this.#inline,
        formula: this.#formula,
      },
      this.#context,
    );
    if (read === undefined) return;
    this.#columns.push(this.#column);
    if ('problem' in read) {
      this.#problem ??= `${read.problem} in column ${columnLetters(this.#column)}`;
      this.#texts.push(this.#value ?? '');
    } else {
      this.#texts.push(read.text);
    }
  }

  #closeRow(): void {
    this.#listener.row({
      line: this.#line,
      columns: this.#columns,
      texts: this.#texts,
      problem: this.#problem,
      fields: this.#fields,
    });
  }
}
