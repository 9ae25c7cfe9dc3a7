/** A column as the API describes it; the API's other names of types are those of older days (`INTEGER`, `FLOAT`). */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  /** Of `NUMERIC` and `BIGNUMERIC`; absent: as many digits as the type has. */
  readonly precision?: string;
  readonly scale?: string;
  /** Of `RECORD`. */
  readonly fields?: readonly Field[];
}

/** The API's types by the names of GoogleSQL. */
const STANDARD: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  STRUCT: 'RECORD',
};

/** A type by the one name that GoogleSQL has for it. */
export function standardType({ type }: Pick<Field, 'type'>): string {
  return STANDARD[type] ?? type;
}

/** DuckDB's types for those whose values both hold alike. */
const ALIKE: Readonly<Record<string, string>> = {
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMP WITH TIME ZONE',
  NUMERIC: 'DECIMAL(38,9)',
};

/** Digits that a decimal of DuckDB has at most. */
const MOST_DIGITS = 38;

/** The type as which DuckDB holds every value of a column; text where it has none. */
export function duckdbTypeOf(field: Field): string {
  const { mode, precision, scale = '0' } = field;
  const type = standardType(field);
  if (mode === 'REPEATED') return 'VARCHAR';
  const isDecimal = type === 'NUMERIC' || type === 'BIGNUMERIC';
  if (isDecimal && precision !== undefined && Number(precision) <= MOST_DIGITS) return `DECIMAL(${precision},${scale})`;
  return ALIKE[type] ?? 'VARCHAR';
}
