import type { ColumnReport, TableReport } from '../../../activities/ingest/staging/source-report.ts';
import { columnPlace, parseDeclaredType, type CopyOptions } from '../../../workflows/definition/index.ts';
import type { Literal } from './code.ts';
import type { SourceKind } from './new-source.ts';

/** A column of a staged table, and what it was called at the destination. */
export interface ColumnPair {
  readonly column: string;
  readonly as: string;
}

export interface NewColumns {
  /** As a contract promises them. */
  readonly specs: Readonly<Record<string, Literal>>;
  readonly pairs: readonly ColumnPair[];
  /** Fields whose names come out the same in a contract. */
  readonly clashes: readonly string[];
}

/** The columns of a table with the types that the run has found; declared ones keep their formats. */
export function columnsOf({ list, columns }: TableReport, kind: SourceKind, { declare }: CopyOptions): NewColumns {
  const specs: Record<string, Literal> = {};
  const pairs: ColumnPair[] = [];
  const clashes: string[] = [];
  for (const column of columns) {
    const path = pathOf(list, column, kind);
    const { name } = columnPlace(kind, path);
    if (pairs.some((pair) => pair.column === name)) {
      clashes.push(path);
      continue;
    }
    pairs.push({ column: name, as: column.name });
    specs[path] = specOf(column, path, declare);
  }
  return { specs, pairs, clashes };
}

/** Columns of flat files go by the name that their header's has become, those of nested records by their path. */
function pathOf(list: string, { name, field }: ColumnReport, kind: SourceKind): string {
  if (kind === 'csv' || kind === 'excel') return name;
  return list === '' ? field : `${list}.${field}`;
}

function specOf({ name, field, type, origin }: ColumnReport, path: string, declare: CopyOptions['declare']): Literal {
  const declared = origin === 'declared' ? (declare[path] ?? declare[field] ?? declare[name]) : undefined;
  const { formats } = parseDeclaredType(declared ?? '');
  return formats.length === 0 ? type : { type, formats };
}
