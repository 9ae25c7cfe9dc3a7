/** A value as a test writes it. A number that a double cannot carry exactly is written as text; so are dates and times. */
export type TestValue = string | number | boolean | null;

export type TestRow = Readonly<Record<string, TestValue>>;

/** A test of one model: the rows its inputs have, and the rows that its SQL is to make of them. */
export interface ModelTest {
  /** What it claims, for people. */
  readonly name: string;
  /** `YYYY-MM-DD`, what the SQL reads as `getvariable('as_of')`. Default: the day of the pipeline's sample. */
  readonly asOf?: string;
  /** Input, as the SQL names it (`source.orders`, `dim_user`) → its rows. Others are empty; a column that is left out is NULL. */
  readonly given: Readonly<Record<string, readonly TestRow[]>>;
  /** All rows, in any order, by the columns that are named here; every row names the same ones. */
  readonly expect: readonly TestRow[];
  /** Reason → how many rows the model's rules take out. Default: it is not asked. */
  readonly quarantined?: Readonly<Record<string, number>>;
}

/** One test of the list that `models/<model>.test.ts` exports as its default. */
export function modelTest(name: string, test: Omit<ModelTest, 'name'>): ModelTest {
  return { name, ...test };
}
