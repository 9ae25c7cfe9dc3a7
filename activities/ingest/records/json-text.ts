import { recordText } from '../rows/record-text.ts';
import { jsonProblem } from './json-problem.ts';
import { RECORD_BYTES, type TextRecord } from './text-record.ts';

const TOO_LONG = `the record is longer than ${RECORD_BYTES >> 20} MB`;

/** A record that is written as JSON, from bytes that may have white space and commas around it. `undefined`: there is none. */
export function jsonText(bytes: Uint8Array): TextRecord | undefined {
  let [start, end] = [0, bytes.length];
  while (start < end && isAround(bytes[start]!)) start += 1;
  while (end > start && isAround(bytes[end - 1]!)) end -= 1;
  if (start === end) return undefined;
  if (end - start > RECORD_BYTES) return brokenText(bytes, start, end, TOO_LONG);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  const problem = jsonProblem(text);
  return problem === undefined ? { text } : brokenText(bytes, start, end, problem);
}

/** What stands in a file where a record should be. */
export function brokenText(bytes: Uint8Array, start: number, end: number, problem: string): TextRecord {
  return { text: Buffer.from(recordText(bytes, start, end)).toString(), problem };
}

/** White space, and the comma between two entries of a list: no JSON begins or ends with it. */
function isAround(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2c;
}
