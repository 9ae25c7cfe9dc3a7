/** What an exported CSV has in front of the record's own columns; `replay` takes it away again. */
export const EXPORT_COLUMNS = ['_file', '_line', '_offset', '_reason', '_record'] as const;
