import type { FormatJob } from '../rows/reading.ts';

/**
 * How a delimited file is written. The rules, by which both readers count:
 *
 * - LF, CRLF and a lone CR each end a record, anywhere outside quotes. The last record may lack its line end.
 * - A byte-order mark at the file's first byte is dropped. What stands before `start` is not looked at.
 * - An empty line is no record, except where the file has one column: there it is a record whose value is NULL, as that is
 *   how a one-column NULL is written; but not before the header. A line that begins with the comment byte is no record.
 * - The first record is the header where `header` says so, and is not counted.
 * - Spaces belong to the value. A quote counts only as the first byte of a field; in it, a doubled quote is one quote.
 * - When a quoted field passes a line end and then turns out wrong (never closed, followed by text, more than
 *   `quotedLines` line ends), its quote is taken for a stray one: the record ends with the line on which that quote stands,
 *   that field is its last, and reading resumes on the next line.
 * - A record that goes on after `recordBytes` bytes ends there, with the field it is in; reading resumes on the next line.
 */
export type CsvFormat = Extract<FormatJob, { kind: 'csv' }>;

/** Beyond these a record is broken rather than read on: memory stays bounded and a stray quote cannot eat the file. */
export interface CsvLimits {
  /** Bytes of one record. */
  readonly recordBytes: number;
  /** Line ends inside one quoted field. */
  readonly quotedLines: number;
}

export const CSV_LIMITS: CsvLimits = { recordBytes: 16 * 1024 * 1024, quotedLines: 10_000 };

/** The byte of a one-character setting; -1 where it is empty. */
export function byteOf(character: string): number {
  return character === '' ? -1 : character.charCodeAt(0);
}
