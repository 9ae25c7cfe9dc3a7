/** How a delimited file is written: one ASCII character each. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
}

/** Beyond these a record is broken rather than read on: memory stays bounded and a stray quote cannot eat the file. */
export interface Limits {
  /** Bytes of one record. */
  readonly recordBytes: number;
  /** Line ends inside one quoted field. */
  readonly quotedLines: number;
}

export const LIMITS: Limits = { recordBytes: 16 * 1024 * 1024, quotedLines: 10_000 };

/** Columns a header may have. */
export const MAX_COLUMNS = 65_536;

/** The value stands between quotes: empty means an empty text, not NULL. */
export const QUOTED = 1;
/** The value holds doubled quotes. */
export const DOUBLED = 2;
/** The value holds a line end, a `"` or the byte 0x01. */
export const SPECIAL = 4;

/** One record, as a view of the window it was read from. The object is reused: what is needed later must be copied. */
export interface CsvRecord {
  readonly bytes: Uint8Array;
  /** First byte, and the byte after the last; the line end is outside. */
  readonly start: number;
  readonly end: number;
  /** 1-based line on which the record starts. */
  readonly line: number;
  /** Byte offset of the record in the file. */
  readonly offset: number;
  /** How many fields it has. Only as many as the header has are described by `from`, `to` and `marks`. */
  readonly fields: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** `QUOTED`, `DOUBLED`, `SPECIAL`, added up. */
  readonly marks: Uint8Array;
  /** Why the record cannot be read; `undefined` when it is good. */
  readonly defect: string | undefined;
}
