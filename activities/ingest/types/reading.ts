/** How a column's texts are read, as SQL. */
export interface Reading {
  /** SQL: the typed value, NULL where there is none. */
  readonly sql: (text: string) => string;
  /** Why there is none, in a few words. */
  readonly unreadable: string;
  /** Further reasons (SQL condition, words) to refuse a text, whatever `value` was read. A condition that is NULL does not hold. */
  readonly refusals?: (text: string, value: string) => readonly (readonly [condition: string, words: string])[];
}
