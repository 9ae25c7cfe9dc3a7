import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from './read-csv.ts';
import { writtenTable } from './written-table.ts';

const small = fc.record({
  windowBytes: fc.integer({ min: 1, max: 100 }),
  pieceBytes: fc.integer({ min: 3, max: 64 }),
  crumb: fc.integer({ min: 1, max: 64 }),
});

test('what a conforming program wrote comes back cell by cell, however it is cut', () => {
  fc.assert(
    fc.property(writtenTable(12), small, ({ bytes, format, rows }, how) => {
      const { records, counted, windows } = readCsv(bytes, format, how);
      expect(records.map(({ defect }) => defect).filter(Boolean)).toEqual([]);
      expect(records.map(({ cells }) => cells)).toEqual(rows);
      expect(counted).toEqual(windows.map((window) => ({ records: window.records, fields: window.fields })));
    }),
    { numRuns: 3000 },
  );
});

test('every record knows its line and its bytes', () => {
  fc.assert(
    fc.property(writtenTable(8), small, ({ bytes, format, lines }, how) => {
      const { records } = readCsv(bytes, format, how);
      expect(records.map(({ line }) => line)).toEqual(lines);
      for (const { line, offset } of records) {
        expect(
          bytes
            .subarray(0, offset)
            .toString('utf8')
            .split(/\r\n|\n|\r/),
        ).toHaveLength(line);
      }
    }),
    { numRuns: 1000 },
  );
});
