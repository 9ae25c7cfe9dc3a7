import type { FieldFinding } from '../../../../activities/ingest/rows/reading.ts';
import type { RowColumn, RowLayout, RowTable } from '../../../../activities/ingest/rows/layout.ts';

export const EMPTY_LAYOUT: RowLayout = {
  tables: [{ name: 'records', path: '', columns: [] }],
  key: [],
  asJson: [],
  leftOut: [],
};

/** A column of text that may turn out to be anything. */
export function textColumn(field: string): RowColumn {
  return { name: field, field, carrier: { kind: 'text' }, required: false, onMisfit: 'widen' };
}

/** Takes findings into a layout as simply as can be: all columns are text. */
export function mendLayout(layout: RowLayout, findings: readonly FieldFinding[]): RowLayout {
  let { tables, asJson } = layout;
  const change = (path: string, columns: (old: readonly RowColumn[]) => readonly RowColumn[]): void => {
    const [records, ...lists] = tables;
    const mended = (table: RowTable): RowTable =>
      table.path === path ? { ...table, columns: columns(table.columns) } : table;
    if (!tables.some((table) => table.path === path)) lists.push({ name: path, path, columns: [] });
    tables = [mended(records), ...lists.map(mended)];
  };
  for (const { table, field, kind } of findings) {
    const path = table === '' ? field : `${table}.${field}`;
    if (kind === 'list') {
      change(field === '' ? `${table}[]` : `${path}[]`, (columns) => columns);
      continue;
    }
    if (kind === 'mixed') asJson = [...asJson, path];
    change(table, (columns) =>
      columns.some((column) => column.field === field) ? columns : [...columns, textColumn(field)],
    );
  }
  return { ...layout, tables, asJson };
}
