import { AcequiaError } from '../../failure/acequia-error.ts';

/** Names a header may have. */
const HEADER_NAMES = 65_536;
/** Columns a table may get from its files: more are a sign of keys that are data. */
const TABLE_COLUMNS = 10_000;

/** Error `SourceRefused` for a header that is too wide. */
export function limitHeader(file: string, line: number, names: number): void {
  if (names <= HEADER_NAMES) return;
  throw new AcequiaError('SourceRefused', {
    what: `The header has ${names} columns; at most ${HEADER_NAMES} are read.`,
    where: `${file}:${Math.max(line, 1)}`,
    remedy: 'check the delimiter and the export that writes this file',
  });
}

/** Error `SourceRefused` where the files bring more columns than a table may have. */
export function limitTable(file: string, table: string, columns: number): void {
  if (columns <= TABLE_COLUMNS) return;
  throw new AcequiaError('SourceRefused', {
    what: `The table ${table} would get ${columns} columns; at most ${TABLE_COLUMNS} are made.`,
    where: file,
    why: 'So many names are mostly values that were written as names.',
    remedy: "keep the part that has them as JSON (nested: 'json'), or declare the columns and leave out the others",
  });
}
