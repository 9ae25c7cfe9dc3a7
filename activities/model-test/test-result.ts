/** What came of the tests of one pipeline. */
export interface PipelineTests {
  readonly pipeline: string;
  /** Why none of them could be run. */
  readonly problem: string | null;
  readonly tests: readonly TestResult[];
}

export interface TestResult {
  readonly model: string;
  /** Null: it stands for a file that as a whole has a problem. */
  readonly name: string | null;
  /** Where the test stands: `pipelines/sales/models/ventas.test.ts:12`. */
  readonly where: string;
  /** `invalid`: the test itself has a problem, so that it says nothing of the model. */
  readonly status: 'passed' | 'failed' | 'invalid';
  /** For people: what is wrong with the test, or how the SQL ended. */
  readonly problem: string | null;
  readonly difference: RowsDifference | null;
}

/** Where the rows of a model part from those that were expected. */
export interface RowsDifference {
  /** The columns that were compared. */
  readonly columns: readonly string[];
  /** Rows that were expected and not made, as often as they are; no example more than some. */
  readonly missing: DifferingRows;
  readonly unexpected: DifferingRows;
  /** Rows of the model's key that were made with other cells; none where the key is not compared. */
  readonly changed: { readonly rows: number; readonly examples: readonly ChangedRow[] };
}

export interface DifferingRows {
  readonly rows: number;
  readonly examples: readonly DifferingRow[];
}

export interface DifferingRow {
  readonly values: Values;
  /** How often the row was expected, and how often it was made. */
  readonly expected: number;
  readonly made: number;
}

export interface ChangedRow {
  readonly key: Values;
  readonly cells: readonly {
    readonly column: string;
    readonly expected: string | null;
    readonly made: string | null;
  }[];
}

/** Column → value as DuckDB writes it; times with a zone in UTC. */
export type Values = Readonly<Record<string, string | null>>;
