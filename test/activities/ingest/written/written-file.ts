import { expect } from 'vitest';
import type { SourceColumn, SourcePlan } from '../../../../workflows/definition/index.ts';
import type { IngestedSource } from '../../../../workflows/stages.ts';
import type { Cell, LoadedFile } from '../load-file.ts';

export type Rows = readonly (readonly Cell[])[];

/** A table as a conforming program wrote it. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** What has to be declared for it. */
  readonly source: Partial<SourcePlan>;
  /** Where the columns stand: names in a header, paths of members. Empty without a header. */
  readonly fields: readonly string[];
  readonly rows: Rows;
}

/** A contract in which every column is a text, under the names c0, c1 … */
export function asTexts(file: Pick<WrittenFile, 'fields' | 'rows'>): SourceColumn[] {
  return Array.from({ length: widthOf(file) }, (_, index) => {
    const name = `c${index}`;
    return { name, list: '', field: file.fields[index] ?? name, type: { kind: 'text' }, required: false, formats: [] };
  });
}

/** Declared as texts, every cell is what was written. */
export function expectTexts({ result, rows }: LoadedFile, written: WrittenFile): void {
  expect(result).toMatchObject(all(written));
  expect(rows).toEqual(written.rows);
}

/**
 * With inferred types every cell is the value that was written. A text is that text. Of a decimal the number is kept, of a
 * timestamp the moment on the clock; of all other types the text comes back. A blank is no value where a column is not text.
 * Columns may stand in the order in which they were first seen.
 */
export function expectValues({ result, columns, rows }: LoadedFile, written: WrittenFile): void {
  expect(result).toMatchObject(all(written));
  const order = Array.from({ length: widthOf(written) }, (_, index) => {
    const field = written.fields[index];
    return field === undefined ? index : columns.findIndex((column) => column.field === field);
  });
  expect(new Set(order).size).toBe(columns.length);
  expect(order).not.toContain(-1);
  const types = order.map((at) => columns[at]?.type ?? 'VARCHAR');
  const same = (row: readonly Cell[]): Cell[] => row.map((cell, index) => canonical(cell, types[index]!));
  expect(rows.map((row) => same(order.map((at) => row[at] ?? null)))).toEqual(written.rows.map(same));
}

function widthOf({ fields, rows }: Pick<WrittenFile, 'fields' | 'rows'>): number {
  return rows[0]?.length ?? fields.length;
}

function all({ rows }: WrittenFile): Partial<IngestedSource> {
  return { read: rows.length, staged: rows.length, quarantined: 0, discarded: 0, parkedFiles: 0 };
}

function canonical(cell: Cell, type: string): Cell {
  if (cell === null || type === 'VARCHAR') return cell;
  if (/^\p{Zs}*$/u.test(cell)) return null;
  if (type.startsWith('DECIMAL')) return cell.includes('.') ? cell.replace(/\.?0+$/, '') : cell;
  if (type !== 'TIMESTAMP') return cell;
  const clock = cell.replace('T', ' ');
  return (clock.length === 16 ? `${clock}:00` : clock).replace(/\.?0+$/, (zeros) => (clock.includes('.') ? '' : zeros));
}
