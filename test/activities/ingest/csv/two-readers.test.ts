import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CsvFormat } from '../../../../activities/ingest/csv/csv-format.ts';
import { csv, readCsv, windowsOf, type Reading } from './read-csv.ts';

/** Bytes that mean something to one dialect or another, in short words: what is rare in real files is frequent here. */
const soup = fc.oneof(
  fc.array(fc.constantFrom(...Array.from(',"\n\r;a#'), '""', '\r\n', ',"', '"\n', '",', '\ufeff', '\0', 'é'), {
    maxLength: 120,
  }),
  fc.array(fc.constantFrom('"', '\n', '\r', 'a'), { maxLength: 60 }),
  fc.array(fc.constantFrom('"a"', ',', '\n', '\r\n', '"a\n', '"a"b', 'a'), { maxLength: 60 }),
);
const bytes = fc.oneof(
  { weight: 5, arbitrary: soup.map((words) => Buffer.from(words.join(''), 'utf8')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)) },
);
const format: fc.Arbitrary<CsvFormat> = fc.record({
  kind: fc.constant('csv' as const),
  delimiter: fc.constantFrom(',', ';', '\t', '|', 'a'),
  quote: fc.constantFrom('"', '"', "'", ''),
  start: fc.constantFrom(0, 0, 0, 2, 7),
  startLine: fc.constantFrom(1, 3),
  header: fc.boolean(),
  comment: fc.constantFrom('', '', '#'),
  names: fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c']),
});
const reading: fc.Arbitrary<Reading> = fc.record({
  windowBytes: fc.integer({ min: 1, max: 100 }),
  pieceBytes: fc.integer({ min: 3, max: 50 }),
  crumb: fc.integer({ min: 1, max: 50 }),
  limits: fc.constantFrom(
    { recordBytes: 1 << 24, quotedLines: 10_000 },
    { recordBytes: 16, quotedLines: 10_000 },
    { recordBytes: 1 << 24, quotedLines: 2 },
    { recordBytes: 30, quotedLines: 3 },
    { recordBytes: 3, quotedLines: 1 },
  ),
});

describe('on bytes of any kind', () => {
  test('both readers count the same in every window', () => {
    fc.assert(
      fc.property(bytes, format, reading, (all, dialect, how) => {
        const seen = readCsv(all, dialect, how);
        expect(seen.counted).toEqual(seen.windows.map(({ records, fields }) => ({ records, fields })));
      }),
      { numRuns: 6000 },
    );
  });

  test('windows follow each other to the end of the file, and know their lines and records', () => {
    fc.assert(
      fc.property(bytes, format, reading, (all, dialect, how) => {
        const { windows, records } = readCsv(all, dialect, how);
        let at = Math.min(dialect.start, all.length);
        let record = 1;
        for (const [index, window] of windows.entries()) {
          expect(window).toMatchObject({ index, start: at, record });
          at = window.end;
          record += window.records;
          const inside = records.filter(({ offset }) => offset >= window.start && offset < window.end);
          expect(inside).toHaveLength(window.records);
        }
        expect(at).toBe(all.length);
      }),
      { numRuns: 1500 },
    );
  });

  test('what is read does not depend on windows, pieces and crumbs', () => {
    fc.assert(
      fc.property(bytes, format, reading, (all, dialect, how) => {
        const whole = readCsv(all, dialect, { limits: how.limits! });
        const cut = readCsv(all, dialect, how);
        expect(cut.records).toEqual(whole.records);
      }),
      { numRuns: 3000 },
    );
  });

  test('a window can be split again by itself, record by record', () => {
    fc.assert(
      fc.property(bytes, format, reading, (all, dialect, how) => {
        for (const window of windowsOf(all, dialect, how)) {
          const again = windowsOf(all, dialect, { ...how, windowBytes: 1 }, window);
          const sum = (count: (one: (typeof again)[number]) => number): number =>
            again.reduce((total, one) => total + count(one), 0);
          expect([sum(({ records }) => records), sum(({ fields }) => fields)]).toEqual([window.records, window.fields]);
          expect(again.at(-1)?.end).toBe(window.end);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('records are covered once: between them lie line ends and comments only', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        let at = all.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0;
        for (const { offset, length } of readCsv(all, csv(['a', 'b'], { header: false })).records) {
          expect(all.subarray(at, offset).toString('latin1')).toMatch(/^[\r\n]*$/);
          at = offset + length;
        }
        expect(all.subarray(at).toString('latin1')).toMatch(/^[\r\n]*$/);
      }),
      { numRuns: 1500 },
    );
  });
});
