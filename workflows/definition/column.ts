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
   * Spellings accepted besides the type's own. For dates and timestamps made of `YYYY MM M DD D HH mm ss MMM`, with
   * other characters standing for themselves; for integers a text with one `#` where the digits stand (`prod#`).
   */
  readonly formats: readonly string[];
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
