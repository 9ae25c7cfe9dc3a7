import type { SheetRow } from './sheet-parser.ts';

/**
 * Names of a sheet's columns: those of its header, in which a repeated name gets its number (`total (2)`), and
 * `column_3` where there is none.
 */
export class SheetHeader {
  readonly #names: string[] = [];
  readonly #taken = new Set<string>();

  constructor(row?: SheetRow) {
    if (!row) return;
    const given: (string | undefined)[] = [];
    row.columns.forEach((column, index) => (given[column] = row.texts[index]));
    for (const text of given) if (text !== undefined) this.#taken.add(text);
    const seen = new Set<string>();
    for (let column = 0; column < given.length; column++) {
      const text = given[column] ?? '';
      const name = text.trim() === '' ? `column_${column + 1}` : text;
      let own = name;
      for (let number = 2; seen.has(own) || (own !== name && this.#taken.has(own)); number++)
        own = `${name} (${number})`;
      seen.add(own);
      this.#names[column] = own;
    }
    for (const name of this.#names) this.#taken.add(name);
  }

  /** Of the columns up to the last that has a name. */
  get names(): readonly string[] {
    return this.#names;
  }

  nameOf(column: number): string {
    for (let next = this.#names.length; next <= column; next++) {
      let name = `column_${next + 1}`;
      while (this.#taken.has(name)) name = `${name}_`;
      this.#taken.add(name);
      this.#names.push(name);
    }
    return this.#names[column]!;
  }
}
