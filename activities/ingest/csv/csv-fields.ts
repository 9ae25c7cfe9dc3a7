import type { RowLayout } from '../rows/layout.ts';

export interface MatchedFields {
  /** For each column of the first table the index of its field in the file; -1: the file has none. */
  readonly fields: readonly number[];
  /** Fields that no column takes and that are not left out on purpose. */
  readonly unknown: readonly { readonly field: number; readonly name: string }[];
}

/** Finds the columns of a layout in a file. Where a name comes twice, the first column of that name takes the first. */
export function matchFields(names: readonly string[], layout: RowLayout): MatchedFields {
  const taken = new Set<number>();
  const fields = layout.tables[0].columns.map((column) => {
    const field = names.findIndex((name, index) => name === column.field && !taken.has(index));
    if (field >= 0) taken.add(field);
    return field;
  });
  const leftOut = new Set(layout.leftOut);
  const unknown = names.flatMap((name, field) => (taken.has(field) || leftOut.has(name) ? [] : [{ field, name }]));
  return { fields, unknown };
}
