/**
 * How a reader hands rows over to staging: one Parquet file of good rows a table, in which a value is carried either as
 * its type (only where the text is that type's one canonical spelling) or as the text itself, to be cast later.
 */

/** What a column's values are carried as. Those but `text` take canonical spellings only; `blank` cells are NULL. */
export type Carrier =
  | { readonly kind: 'text' }
  /** `-?(0|[1-9][0-9]*)`, no `-0`, within 64 bits. */
  | { readonly kind: 'integer' }
  /** Plain digits with at most `scale` of them after the point; no exponent, leading zero, plus or negative zero. Precision at most 18. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** `true` or `false`. */
  | { readonly kind: 'boolean' }
  /** `YYYY-MM-DD` that exists. */
  | { readonly kind: 'date' }
  /** `YYYY-MM-DD[T ]HH:mm[:ss[.f{1,6}]]` without a zone. */
  | { readonly kind: 'timestamp' }
  /** The same, and `Z` or an offset behind it: `+01`, `+0100`, `+01:00`. */
  | { readonly kind: 'timestamptz' };

export interface RowColumn {
  /** The name in the row file. */
  readonly name: string;
  /** Where the reader finds it: the header's name (CSV, Excel), or the path inside the table's record (`meta.code`). */
  readonly field: string;
  readonly carrier: Carrier;
  /** A blank cell does not fit: it makes its record a suspect, whatever `onMisfit` says. */
  readonly required: boolean;
  /**
   * What becomes of a value that the carrier does not take. `suspect`: the whole record goes as text to the suspects, for
   * the strict cast to judge. `widen`: the type is disproved; what the value would fit is noted and the file is read again.
   */
  readonly onMisfit: 'suspect' | 'widen';
  /** The lists and objects that it stands in are promised, too: a record that has a value there instead is broken. Default: no. */
  readonly promised?: true;
}

/** A table that a source's records are made into. The first of a layout is the records themselves; others are nested lists. */
export interface RowTable {
  readonly name: string;
  /** Where its rows stand: `''` for the records, `items[]`, `items[].taxes[]` for nested lists. */
  readonly path: string;
  readonly columns: readonly RowColumn[];
}

export interface RowLayout {
  readonly tables: readonly [RowTable, ...RowTable[]];
  /** The record's own columns (positions in `tables[0].columns`) whose texts identify it for its nested rows; none: file and record number do. */
  readonly key: readonly number[];
  /** Paths of nested values that stay JSON text in a column of their own, instead of being spread over columns and tables. */
  readonly asJson: readonly string[];
  /** Fields that are known and left out. By path from the record, as in `FieldFinding`. */
  readonly leftOut: readonly string[];
}
