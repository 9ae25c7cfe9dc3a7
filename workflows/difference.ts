/** Rows that today's definition makes of the same input, against those that were published then. */
export interface TableChanges {
  readonly name: string;
  readonly added: number;
  readonly removed: number;
  /** Rows with the same key and other values. */
  readonly changed: number;
  readonly unchanged: number;
  /** Columns that are new, gone, or of another type; of a table that is new or gone itself 1. */
  readonly structure: number;
}

/** What a replay found, with examples. In the lake, not in history: values may be personal. */
export interface RunDifference {
  readonly version: 1;
  /** The run that was replayed. */
  readonly then: { readonly runId: string; readonly startedAt: string; readonly asOf: string | null };
  readonly now: { readonly runId: string; readonly startedAt: string; readonly asOf: string };
  readonly tables: readonly TableDifference[];
  /** Sources and files that the run could not read: they are no part of its input. */
  readonly unread: readonly string[];
}

/** Values are text as DuckDB writes them, null for NULL; what is longer than 1,000 characters is cut. */
export interface TableDifference extends TableChanges {
  /** `new`: nothing was published under this name then; `gone`: nothing would be today. */
  readonly state: 'compared' | 'new' | 'gone';
  /** What rows were told apart by; empty: by all values, so that none counts as changed. */
  readonly key: readonly string[];
  /** Why the key could not serve; null where it did, or there is none. */
  readonly keyless: string | null;
  readonly columns: readonly ColumnDifference[];
  readonly examples: {
    readonly added: readonly RowValues[];
    readonly removed: readonly RowValues[];
    readonly changed: readonly CellChange[];
  };
}

/** A column that differs. Types as DuckDB names them; null where the column is not there. */
export interface ColumnDifference {
  readonly name: string;
  readonly then: string | null;
  readonly now: string | null;
  /** Cells of rows with the same key. */
  readonly changed: number;
}

export type RowValues = Readonly<Record<string, string | null>>;

export interface CellChange {
  readonly key: RowValues;
  readonly column: string;
  readonly then: string | null;
  readonly now: string | null;
}
