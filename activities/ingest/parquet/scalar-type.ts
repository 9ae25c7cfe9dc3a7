import type { ColumnType } from '../../../workflows/definition/index.ts';
import type { EvidenceData } from '../types/evidence.ts';

/** How a scalar of a Parquet file is taken. */
export interface ScalarType {
  /** The contract's type that holds all its values exactly. */
  readonly type: ColumnType;
  /** SQL of a value as text: the spelling that the strict cast of `type` reads back as the same value. */
  readonly text: (value: string) => string;
  /** For people, where the type has no word of its own here: `TIME`. */
  readonly foreign?: string;
}

const TEXT = { kind: 'text' } as const;
const asText = (value: string): string => `CAST(${value} AS VARCHAR)`;

const SAME: Readonly<Record<string, ColumnType>> = {
  VARCHAR: TEXT,
  JSON: TEXT,
  ENUM: TEXT,
  BOOLEAN: { kind: 'boolean' },
  DATE: { kind: 'date' },
  TIMESTAMP: { kind: 'timestamp' },
  TIMESTAMP_S: { kind: 'timestamp' },
  TIMESTAMP_MS: { kind: 'timestamp' },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamptz' },
  DOUBLE: { kind: 'double' },
  UBIGINT: { kind: 'decimal', precision: 20, scale: 0 },
};
const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']);
/** Kept as DuckDB writes them: exact, and told to people. */
const FOREIGN = new Set(['TIME', 'TIME_NS', 'TIME WITH TIME ZONE', 'UUID', 'INTERVAL', 'HUGEINT', 'UHUGEINT']);

/** Nothing: values of this type cannot be kept. `BLOB` is hexadecimal text. */
export function scalarType(name: string): ScalarType | undefined {
  const same = SAME[name];
  if (same) return { type: same, text: asText };
  if (INTEGERS.has(name)) return { type: { kind: 'integer' }, text: asText };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal) {
    return { type: { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }, text: asText };
  }
  // The double that a float is has more digits than the float is written with.
  if (name === 'FLOAT') return { type: { kind: 'double' }, text: (value) => asText(`CAST(${value} AS DOUBLE)`) };
  if (name === 'TIMESTAMP_NS') return { type: { kind: 'timestamp' }, text: asText };
  if (name === 'BLOB') return { type: TEXT, text: (value) => `hex(${value})`, foreign: 'binary, kept as hexadecimal' };
  return FOREIGN.has(name) ? { type: TEXT, text: asText, foreign: `of type ${name}, kept as text` } : undefined;
}

/** Binary that is UTF-8 throughout, as old writers wrote their texts. */
export const UTF8_BLOB: ScalarType = {
  type: TEXT,
  text: (value) => `decode(${value})`,
  foreign: 'binary, and UTF-8 throughout: read as text',
};

/** Timestamps with nanoseconds, which no type but text holds. */
export const NANOSECONDS: ScalarType = { type: TEXT, text: asText, foreign: 'with nanoseconds, kept as text' };

/** What its type says of the values of a column, for settling it with those of other files. */
export function evidenceOf(type: ColumnType, values: number): EvidenceData {
  const none = { values, blanks: 0, wholeDigits: 0, fractionDigits: 0, ruledOut: [] };
  switch (type.kind) {
    case 'integer':
      return { ...none, fits: ['text', 'integer', 'decimal'], wholeDigits: 19 };
    case 'decimal':
      return {
        ...none,
        fits: ['text', 'decimal'],
        wholeDigits: type.precision - type.scale,
        fractionDigits: type.scale,
      };
    case 'boolean':
    case 'date':
    case 'timestamp':
      return { ...none, fits: ['text', type.kind] };
    default:
      return { ...none, fits: ['text'] };
  }
}
