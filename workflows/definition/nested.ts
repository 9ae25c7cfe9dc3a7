import type { SourceColumn, SourcePlan } from './plan.ts';
import type { SourceKind } from './source.ts';

/** Where a column of a contract stands. */
export interface ColumnPlace {
  /** The list whose members are the rows of its table: `''` for the records, `items[]`. */
  readonly list: string;
  /** The name in the header, or the path within that list: `meta.code`. */
  readonly field: string;
  /** The column's name: `meta_code`. */
  readonly name: string;
}

/** Kinds of files whose records are not nested: their columns' names are names, whatever characters they have. */
const FLAT: readonly SourceKind[] = ['csv', 'excel'];

/** Reads a contract's name of a column: in nested records a path such as `items[].qty`. */
export function columnPlace(kind: SourceKind, path: string): ColumnPlace {
  if (FLAT.includes(kind)) return { list: '', field: path, name: path };
  const end = path.lastIndexOf('[]');
  const list = end < 0 ? '' : path.slice(0, end + 2);
  const field = end < 0 ? path : path.slice(end + 2).replace(/^\./, '') || 'value';
  return { list, field, name: snake(field) };
}

/** The table that a list of a source's records becomes: `orders_items_taxes` for `items[].taxes[]`. */
export function nestedTableName(source: string, list: string): string {
  return list === '' ? source : `${source}_${snake(list)}`;
}

/** The tables that a source's contract names, by their lists: the records first. */
export function contractTables(
  source: Pick<SourcePlan, 'name' | 'columns'>,
): { list: string; name: string; columns: SourceColumn[] }[] {
  const lists = [...new Set(['', ...source.columns.map(({ list }) => list)])];
  return lists.map((list) => ({
    list,
    name: nestedTableName(source.name, list),
    columns: source.columns.filter((column) => column.list === list),
  }));
}

function snake(path: string): string {
  return path
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
}
