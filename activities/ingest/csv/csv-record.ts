/** The value stands between quotes: empty means an empty text, not NULL. */
export const QUOTED = 1;
/** The value holds doubled quotes. */
export const DOUBLED = 2;

/** One record with the right number of fields, as a view of the bytes it was read from. Reused: copy what is needed later. */
export interface CsvRecord {
  readonly bytes: Uint8Array;
  /** Byte of the file at which `bytes` begins. */
  readonly base: number;
  /** First byte, and the byte after the last; the line end is outside. */
  readonly start: number;
  readonly end: number;
  /** 1-based line on which the record starts. */
  readonly line: number;
  /** Of each field the first byte, and the byte after the last; quotes are outside. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** `QUOTED` and `DOUBLED`, added up. */
  readonly marks: Uint8Array;
}
