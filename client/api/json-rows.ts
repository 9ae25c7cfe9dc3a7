import { DuckDBTypeId, type DuckDBResultReader, type Json } from '@duckdb/node-api';

export type JsonValue = Json;
export type JsonRow = Record<string, JsonValue>;

const WIDE_INTEGERS: readonly DuckDBTypeId[] = [
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
];

/**
 * Rows ready for JSON. Whole numbers are numbers as far as every reader of JSON keeps them exact (2^53); larger ones, and
 * decimals, stay text, digit for digit.
 */
export function jsonRows(reader: DuckDBResultReader): JsonRow[] {
  const names = reader.deduplicatedColumnNames();
  const wide = new Set(names.filter((_, index) => WIDE_INTEGERS.includes(reader.columnTypeId(index))));
  return reader
    .getRowObjectsJson()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, wide.has(name) ? narrow(value) : value])),
    );
}

function narrow(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
