import type { Session } from '../../activities/duckdb/session.ts';

type Result = Awaited<ReturnType<Session['connection']['runAndReadAll']>>;

export type JsonRow = ReturnType<Result['getRowObjectsJson']>[number];
export type JsonValue = JsonRow[string];

/** Types whose values DuckDB's client hands over as text. */
const WIDE = /^(?:U?BIGINT|U?HUGEINT|DECIMAL\(.*\))$/;

/**
 * Rows ready for JSON. Whole numbers are numbers as far as every reader of JSON keeps them exact (2^53); larger ones, and
 * decimals, stay text, digit for digit.
 */
export function jsonRows(reader: Result): JsonRow[] {
  const names = reader.deduplicatedColumnNames();
  const wide = new Set(names.filter((_, index) => WIDE.test(reader.columnType(index).toString())));
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
