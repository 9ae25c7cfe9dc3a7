import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteOf } from '../../../../activities/ingest/csv/csv-format.ts';
import { cellsOf } from '../../../../activities/ingest/csv/dialect-reading.ts';
import type { CsvDialect, DialectReport } from '../../../../activities/ingest/csv/dialect.ts';
import { findDialect } from '../../../../activities/ingest/csv/find-dialect.ts';
import { anyHashLineFits } from '../../../../activities/ingest/csv/hash-lines.ts';
import { scanRecords } from '../../../../activities/ingest/csv/scan-records.ts';
import { dialectFile, type DialectFile } from './dialect-arbitraries.ts';

/** Nothing: it refused. */
function detect(text: string): DialectReport | undefined {
  const head = Buffer.from(text, 'utf8');
  const sample = { head, whole: true, windows: [], size: head.length };
  const found = findDialect(
    sample,
    { declared: {}, known: [] },
    (dialect, width) => !anyHashLineFits(head.subarray(dialect.start), dialect, width),
  );
  return found && 'dialect' in found ? found : undefined;
}

/** The file as it reads in a dialect. */
function read(text: string, { delimiter, quote, start, comment }: CsvDialect): string[][] {
  const bytes = Buffer.from(text, 'utf8');
  const rows: string[][] = [];
  const marks = { delimiter: byteOf(delimiter), quote: byteOf(quote), comment: byteOf(comment) };
  scanRecords(bytes, start, marks, false, (record) => {
    rows.push(record.defect !== undefined ? ['broken'] : cellsOf(record, bytes, quote));
    return true;
  });
  return rows;
}

/** Files that were once read otherwise than they were written. */
const ONCE_MISREAD: readonly (readonly [string, readonly string[]])[] = [
  ["#|0.00|'\n'\n", ['#', '0.00', '\n']],
  ["'\n#'\t'##'''''\n", ['\n#', "##''"]],
  ["'#\t,40734\r", ["'#\t", '40734']],
  ['\ta1cb| b\t#1.\r', ['\ta1cb', ' b\t#1.']],
  ['18648; a,\n', ['18648', ' a,']],
  ['142.88,;a\r\n', ['142.88', ';a']],
  ['b ,| |1|a \r', ['b ', '| |1|a ']],
];

const rowsOf = ({ header, names, rows }: DialectFile): (readonly string[])[] => (header ? [names, ...rows] : [...rows]);

describe('a file of a conforming writer', () => {
  test('with a typed column and three rows is not refused, and read as it was written', () => {
    let refused = 0;
    let all = 0;
    fc.assert(
      fc.property(dialectFile(false), (file) => {
        const report = detect(file.text);
        all += 1;
        if (report === undefined) {
          refused += 1;
          return;
        }
        expect(read(file.text, report.dialect)).toEqual(rowsOf(file));
        if (report.confidence > 0.7) expect(report.dialect.header).toBe(file.header);
      }),
      { numRuns: 1500 },
    );
    expect(refused / all).toBeLessThan(0.01);
  });

  test.each(ONCE_MISREAD)('one record, %j', (text, record) => {
    const report = detect(text);
    if (report !== undefined) expect(read(text, report.dialect)).toEqual([record]);
  });

  test('with a first row of one cell and no names below it is read as a whole', () => {
    const text = "' a-c''b1', ,\néé.a,-;,'c,aa'\n1,1aba.,.-.b;\n-,a,''',.'\n \t,c,bé;\n";
    const report = detect(text);
    if (report !== undefined) expect(read(text, report.dialect)).toHaveLength(5);
  });

  test('with any content at all is read as it was written, or refused', () => {
    fc.assert(
      fc.property(dialectFile(true), (file) => {
        const report = detect(file.text);
        if (report !== undefined) expect(read(file.text, report.dialect)).toEqual(rowsOf(file));
      }),
      { numRuns: 1500, seed: 11 },
    );
  });
});
