/**
 * Provenance, behind the columns of every staged table. Records: where they stand in the file (as UTF-8 text, unpacked).
 * `_line` 1-based, `_offset` and `_length` bytes. Nested rows: `_parent` (the parent's key: a key's text, or
 * `<file>:<record number>`, or for deeper ones `<parent>.<position>`), `_position` 1-based, and the record's `_file`,
 * `_line` and `_offset`.
 */
export const RECORD_PROVENANCE = ['_file', '_line', '_offset', '_length'] as const;
const NESTED_PROVENANCE = ['_parent', '_position', '_file', '_line', '_offset'] as const;
/** What nested rows have as their `_parent`, with records that have no key to be called by. */
const ROW_NAME = '_row';

/** Whether a column says where a record stands. */
export function isProvenance(column: string): boolean {
  return (RECORD_PROVENANCE as readonly string[]).includes(column);
}

/** In the metadata of a Parquet file whose rows have their provenance already: the key, and its value. */
export const OWN_ROWS = { key: 'acequia_rows', value: 'with provenance' } as const;

const TEXTS: readonly string[] = ['_file', '_parent', ROW_NAME];

/** DuckDB's type of a column of provenance. */
export function provenanceType(column: string): 'VARCHAR' | 'BIGINT' {
  return TEXTS.includes(column) ? 'VARCHAR' : 'BIGINT';
}

/** Whether records have a `_row`. `key`: theirs; `tables`: those that a source becomes. */
export function namesRows(key: readonly unknown[], tables: readonly unknown[]): boolean {
  return key.length === 0 && tables.length > 1;
}

/** The provenance of the table of a list, `''` for the records. */
export function provenanceOf(list: string, key: readonly unknown[], tables: readonly unknown[]): readonly string[] {
  if (list !== '') return NESTED_PROVENANCE;
  return namesRows(key, tables) ? [...RECORD_PROVENANCE, ROW_NAME] : RECORD_PROVENANCE;
}
