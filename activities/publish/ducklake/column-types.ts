import { identifier } from '../../duckdb/identifiers.ts';
import type { LoadColumn } from '../staged-load.ts';

/** A DuckLake keeps DuckDB's types, but for a few that its files have none for: those are kept as text. */
export function duckLakeColumn(name: string, type: string): LoadColumn {
  const value = identifier(name);
  if (/^ENUM\b|^BIT$|^UNION\b|^TIME_NS$|^BIGNUM$/.test(type))
    return { name, type: 'VARCHAR', expression: `CAST(${value} AS VARCHAR)` };
  // Its files would hold these as DOUBLE, which rounds.
  if (/^U?HUGEINT$/.test(type)) return { name, type: 'DECIMAL(38,0)', expression: `CAST(${value} AS DECIMAL(38,0))` };
  const array = /^(.+)\[\d+\]$/.exec(type);
  return array
    ? { name, type: `${array[1]}[]`, expression: `CAST(${value} AS ${array[1]}[])` }
    : { name, type, expression: value };
}
