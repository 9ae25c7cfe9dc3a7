/** What can be counted of a source, or of a table that a model makes. */
export const SOURCE_COUNTS = ['read', 'staged', 'quarantined', 'deduplicated'] as const;
export const TABLE_COUNTS = ['rows', 'valid', 'quarantined', 'deduplicated', 'filtered'] as const;

export type SourceCount = (typeof SOURCE_COUNTS)[number];
export type TableCount = (typeof TABLE_COUNTS)[number];

/** A number of a run: how many rows of a source or of a table came so far. */
export type MetricDefinition =
  { readonly source: string; readonly count: SourceCount } | { readonly table: string; readonly count: TableCount };

/** Numbers for `metrics`. */
export const count = {
  /** Records in the files of a source, good and bad. */
  read: (source: string): MetricDefinition => ({ source, count: 'read' }),
  /** Records of a source that keep its contract. */
  staged: (source: string): MetricDefinition => ({ source, count: 'staged' }),
  /** Rows of a table that no remedy has put into quarantine, before `keepLatestBy` chose between them. */
  valid: (table: string): MetricDefinition => ({ table, count: 'valid' }),
  /** Rows of a table as it is published. */
  rows: (table: string): MetricDefinition => ({ table, count: 'rows' }),
} as const;
