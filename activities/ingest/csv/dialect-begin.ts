import { scanRecords } from './scan-records.ts';
import type { DialectSample } from './dialect-sample.ts';
import type { CsvDialect } from './dialect.ts';

/** Where looking at the file begins: behind the byte-order mark and a `sep=` line, or where it was declared. */
export interface DialectBegin {
  readonly byte: number;
  /** 1-based. */
  readonly line: number;
  /** It was declared: what stands there is the first record. */
  readonly fixed: boolean;
  /** Of a `sep=` line. */
  readonly delimiter?: string;
  readonly warnings: readonly string[];
}

export function beginOf({ head }: DialectSample, declared: Partial<CsvDialect>): DialectBegin {
  const byte = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const declaredAt = declaredStart(head, byte, declared);
  if (declaredAt) return { ...declaredAt, fixed: true, warnings: [] };
  const line = firstLine(head, byte);
  const separator = /^\s*"?sep=([ -~\t])"?\s*$/i.exec(line.text)?.[1];
  if (separator === undefined) return { byte, line: 1, fixed: false, warnings: [] };
  return {
    byte: line.next,
    line: 2,
    fixed: false,
    delimiter: separator,
    warnings: ['the first line (sep=) declares the delimiter and is left out'],
  };
}

function declaredStart(
  head: Uint8Array,
  mark: number,
  { start, startLine }: Partial<CsvDialect>,
): { byte: number; line: number } | undefined {
  if (start !== undefined) return { byte: start, line: startLine ?? linesBefore(head, start) + 1 };
  if (startLine === undefined) return undefined;
  let byte = mark;
  for (let line = 1; line < startLine && byte < head.length; line += 1) byte = firstLine(head, byte).next;
  return { byte, line: startLine };
}

function firstLine(head: Uint8Array, from: number): { text: string; next: number } {
  let end = from;
  while (end < head.length && head[end] !== 0x0a && head[end] !== 0x0d) end += 1;
  const text = end - from > 100 ? '' : Buffer.from(head.subarray(from, end)).toString('latin1');
  return { text, next: end + (head[end] === 0x0d && head[end + 1] === 0x0a ? 2 : 1) };
}

function linesBefore(head: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = 0; at < Math.min(end, head.length); lines += 1) at = firstLine(head, at).next;
  return lines;
}

/** How the first lines end. */
export function lineEndOf(head: Uint8Array): 'LF' | 'CRLF' | 'CR' | 'mixed' | 'none' {
  const ends = new Set<'LF' | 'CRLF' | 'CR'>();
  let lines = 0;
  const marks = { delimiter: -1, quote: 0x22, comment: -1 };
  scanRecords(head, 0, marks, false, ({ end }) => {
    if (head[end] === 0x0a) ends.add('LF');
    else if (head[end] === 0x0d) ends.add(head[end + 1] === 0x0a ? 'CRLF' : 'CR');
    return (lines += 1) < 200;
  });
  const [only] = ends;
  return ends.size > 1 ? 'mixed' : (only ?? 'none');
}
