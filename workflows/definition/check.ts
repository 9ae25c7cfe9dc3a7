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
}

/** Of checks on single rows. */
export interface RowCheckOptions extends CheckOptions {
  /**
   * `quarantine`: rows that break it are taken out of the table and put into quarantine, with its name as the reason, before
   * anything reads them. Default: none; a failure is told.
   */
  readonly remedy?: 'quarantine';
}

/** As SQL compares it with the column: a text for dates, times, and numbers that a double cannot carry. */
export type CheckValue = string | number | boolean;

/** Conditions on single rows; one that is NULL for a row holds, as in SQL's own CHECK. */
export type RowCheck = RowCheckOptions &
  (
    | { readonly kind: 'that'; readonly predicate: string }
    | { readonly kind: 'references'; readonly column: string }
    | { readonly kind: 'not-null'; readonly columns: readonly string[] }
    | { readonly kind: 'accepted'; readonly column: string; readonly values: readonly CheckValue[] }
    | { readonly kind: 'range'; readonly column: string; readonly atLeast?: CheckValue; readonly atMost?: CheckValue }
  );

/** Statements about a whole table. */
export type TableCheck = CheckOptions &
  (
    | { readonly kind: 'unique'; readonly columns: readonly string[] }
    | { readonly kind: 'fresh'; readonly column: string; readonly within: string; readonly warnAfter?: string }
    | { readonly kind: 'row-count' }
    | { readonly kind: 'sql'; readonly file: string }
  );

export type CheckDefinition = RowCheck | TableCheck;

const ROW_KINDS: readonly CheckDefinition['kind'][] = ['that', 'references', 'not-null', 'accepted', 'range'];

/** Whether a check is about single rows, so that the rows that break it can be told from the others. */
export function isRowCheck(check: CheckDefinition): check is RowCheck {
  return ROW_KINDS.includes(check.kind);
}

/** Statements about the table they stand with. Each finds the rows that break it. */
export const check = {
  /** No two rows share these values. Every `key` has this check already. */
  unique: (columns: string | readonly string[], options: CheckOptions = {}): CheckDefinition => ({
    kind: 'unique',
    columns: listed(columns),
    ...options,
  }),
  /** A SQL condition holds for every row; a row for which it is NULL passes, as in SQL's own CHECK. */
  that: (predicate: string, options: RowCheckOptions = {}): CheckDefinition => ({
    kind: 'that',
    predicate,
    ...options,
  }),
  /** Every value of the column exists in the table that the model's `references` names for it; NULL passes. */
  references: (column: string, options: RowCheckOptions = {}): CheckDefinition => ({
    kind: 'references',
    column,
    ...options,
  }),
  /** No row has NULL in one of these columns. */
  notNull: (columns: string | readonly string[], options: RowCheckOptions = {}): CheckDefinition => ({
    kind: 'not-null',
    columns: listed(columns),
    ...options,
  }),
  /** Every value of the column is one of these; NULL passes. */
  accepted: (column: string, values: readonly CheckValue[], options: RowCheckOptions = {}): CheckDefinition => ({
    kind: 'accepted',
    column,
    values,
    ...options,
  }),
  /** Every value of the column lies between these, both included; NULL passes. */
  range: (
    column: string,
    limits: { readonly atLeast?: CheckValue; readonly atMost?: CheckValue },
    options: RowCheckOptions = {},
  ): CheckDefinition => ({ kind: 'range', column, ...limits, ...options }),
  /**
   * The newest value of the column is at most so old when the run starts (`'48h'`); above `warnAfter` that is a warning. An
   * empty table is not fresh. It is not asked where files may be of any age: of samples, and with `--any-age`.
   */
  fresh: (
    column: string,
    limits: { readonly within: string; readonly warnAfter?: string },
    options: CheckOptions = {},
  ): CheckDefinition => ({ kind: 'fresh', column, ...limits, ...options }),
  /**
   * The table has as many rows as the table of the database that it is taken over from, in the run's own snapshot; those that
   * the run has put into quarantine are counted in. Of models with `from`.
   */
  rowCount: (options: CheckOptions = {}): CheckDefinition => ({ kind: 'row-count', ...options }),
  /** `checks/<file>.sql` returns the rows that fail. */
  sql: (file: string, options: CheckOptions = {}): CheckDefinition => ({ kind: 'sql', file, ...options }),
};

function listed(columns: string | readonly string[]): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}
