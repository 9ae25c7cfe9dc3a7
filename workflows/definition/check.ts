/** In rising order; `error` and `critical` stop publishing unless the check says otherwise. */
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface CheckOptions {
  /** What the check is called in receipts and alerts. Default: made from the table and the statement. */
  readonly name?: string;
  /** Default `error`. */
  readonly severity?: Severity;
  /** Whether a failure stops publishing. Default: yes for `error` and `critical`. */
  readonly blocking?: boolean;
  /**
   * `quarantine`: rows that break it are taken out of the table and put into quarantine, with its name as the reason, before
   * anything reads them. For conditions on single rows (`that`, `references`). Default: none; a failure is told.
   */
  readonly remedy?: 'quarantine';
}

export type CheckDefinition = CheckOptions &
  (
    | { readonly kind: 'unique'; readonly columns: readonly string[] }
    | { readonly kind: 'that'; readonly predicate: string }
    | { readonly kind: 'references'; readonly column: string }
    | { readonly kind: 'sql'; readonly file: string }
  );

/** Statements about the table they stand with. Each finds the rows that break it. */
export const check = {
  /** No two rows share these values. Every `key` has this check already. */
  unique: (columns: string | readonly string[], options: CheckOptions = {}): CheckDefinition => ({
    kind: 'unique',
    columns: typeof columns === 'string' ? [columns] : columns,
    ...options,
  }),
  /** A SQL condition holds for every row; a row for which it is NULL passes, as in SQL's own CHECK. */
  that: (predicate: string, options: CheckOptions = {}): CheckDefinition => ({ kind: 'that', predicate, ...options }),
  /** Every value of the column exists in the table that the model's `references` names for it; NULL passes. */
  references: (column: string, options: CheckOptions = {}): CheckDefinition => ({
    kind: 'references',
    column,
    ...options,
  }),
  /** `checks/<file>.sql` returns the rows that fail. */
  sql: (file: string, options: CheckOptions = {}): CheckDefinition => ({ kind: 'sql', file, ...options }),
};
