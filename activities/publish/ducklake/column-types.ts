import { identifier } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';

/** A DuckLake keeps DuckDB's types, but for a few that its files have none for: those are kept as text. */
export function duckLakeColumn(name: string, type: string): LoadColumn {
  const value = identifier(name);
  if (/^ENUM\b|^BIT$|^UNION\b|^TIME_NS$|^BIGNUM$/.test(type))
    return { name, type: 'VARCHAR', expression: `CAST(${value} AS VARCHAR)` };
  const array = /^(.+)\[\d+\]$/.exec(type);
  return array
    ? { name, type: `${array[1]}[]`, expression: `CAST(${value} AS ${array[1]}[])` }
    : { name, type, expression: value };
}
