import type { DuckDBType } from '@duckdb/node-api';
import type { Session } from './session.ts';

/** A column's type, taken apart. */
export type NestedType =
  /** DuckDB's name: `BIGINT`, `DECIMAL(9,2)`, `TIMESTAMP WITH TIME ZONE`. Enumerations are `ENUM`. */
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'struct'; readonly members: readonly NestedColumn[] }
  | { readonly kind: 'list'; readonly of: NestedType }
  | { readonly kind: 'map'; readonly key: NestedType; readonly value: NestedType };

export interface NestedColumn {
  readonly name: string;
  readonly type: NestedType;
}

/** The columns that a query gives, without running it for rows. */
export async function describeColumns(session: Session, query: string): Promise<NestedColumn[]> {
  const reader = await session.connection.runAndReadAll(`SELECT * FROM (${query}) LIMIT 0`);
  const types = reader.columnTypes();
  return reader.columnNames().map((name, index) => ({ name, type: takeApart(types[index]!) }));
}

function takeApart(type: DuckDBType): NestedType {
  if ('entryNames' in type) {
    const members = type.entryNames.map((name, index) => ({ name, type: takeApart(type.entryTypes[index]!) }));
    return { kind: 'struct', members };
  }
  if ('keyType' in type) return { kind: 'map', key: takeApart(type.keyType), value: takeApart(type.valueType) };
  if ('valueType' in type) return { kind: 'list', of: takeApart(type.valueType) };
  return { kind: 'scalar', name: 'values' in type ? 'ENUM' : type.toString() };
}
