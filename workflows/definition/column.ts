/**
 * A column that a source promises.
 *
 * Written as a string, `'integer'` (may be empty) or `'integer!'` (never empty), or as an object when values arrive in
 * other spellings than the type's own.
 */
export type ColumnSpec = string | { readonly type: string; readonly formats?: readonly string[] };

/** The type of a column as Acequia names it; `decimal` carries precision and scale. */
export type ColumnType =
  | { readonly kind: 'text' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp' | 'timestamptz' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

/** A column as the plan carries it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** An empty value in a required column quarantines the row. */
  readonly required: boolean;
  /**
   * Spellings accepted besides the type's own. A text that two of them read differently is refused as ambiguous.
   *
   * - integer: a text with one `#` where the digits stand (`prod#`).
   * - decimal, double: an example of how 1234.56 is written (`1.234,56`, `1 234,56`, `1234,56 €`, `$1,234.56`). Grouping
   *   may be left out, but not be wrong; a space also stands for a no-break one; what is around the number stands for
   *   itself; `-` goes before the number or before all. Where points group, the type's own `1.5` is no longer accepted.
   * - boolean: the spellings of true and false, exactly (`sí|no`, `1|0`).
   * - date, timestamp: made of `YYYY MM M DD D HH mm ss MMM`, with other characters standing for themselves
   *   (`DD/MM/YYYY`); timestamptz: the same and `ZZ`, which is `Z` or an offset (`+01`, `+0100`, `+01:00`).
   */
  readonly formats: readonly string[];
  /** timestamptz: the zone of texts that name none. Default: such a text is no instant. */
  readonly zone?: string;
}

const SIMPLE = ['text', 'integer', 'double', 'boolean', 'date', 'timestamp', 'timestamptz'] as const;
export const COLUMN_TYPES = [...SIMPLE, 'decimal(precision,scale)'] as const;

/** Reads `'decimal(12,2)!'` and its like; `undefined` when the text names no type. */
export function parseColumnType(text: string): { type: ColumnType; required: boolean } | undefined {
  const required = text.endsWith('!');
  const name = required ? text.slice(0, -1) : text;
  const simple = SIMPLE.find((kind) => kind === name);
  if (simple) return { type: { kind: simple }, required };
  const decimal = /^decimal\((\d{1,2}), ?(\d{1,2})\)$/.exec(name);
  if (!decimal) return undefined;
  const precision = Number(decimal[1]);
  const scale = Number(decimal[2]);
  if (precision < 1 || precision > 38 || scale > precision) return undefined;
  return { type: { kind: 'decimal', precision, scale }, required };
}

/** The type as a definition writes it, without the `!`. */
export function columnTypeName(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
