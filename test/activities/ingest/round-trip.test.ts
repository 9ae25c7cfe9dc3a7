import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { namesOf, table } from './written/cells.ts';
import { WINDOWS_CHARACTERS, WRITTEN_ENCODINGS } from './written/encoded.ts';
import { declared, expectRoundTrip, packing } from './written/expect-round-trip.ts';
import { csvStyle, writeCsv } from './written/write-csv.ts';

describe('any table comes back, cell by cell, as a conforming program writes it:', () => {
  test('delimited text in a declared dialect', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(), csvStyle, packing, declared, async (rows, style, how, texts) => {
        const file = writeCsv(style, namesOf(rows), rows);
        // Empty lines before the first record of a file without a header are no records, though in one column they could be.
        fc.pre(style.header || file.rows[0]?.length !== 1 || file.rows[0][0] !== null);
        await expectRoundTrip(folder, file, how, texts);
      }),
      { numRuns: 60 },
    );
  });

  test('delimited text of which nothing is declared, unless two readings are as good', async () => {
    const folder = await temporaryFolder();
    let loaded = 0;
    await fc.assert(
      fc.asyncProperty(table(), csvStyle, packing, declared, async (rows, style, how, texts) => {
        // Single quotes that nothing shows, beside a double one: such a file is another program's, to the byte.
        const shown = style.quoting === 'texts' && !rows.flat().some((cell) => cell?.includes('"'));
        fc.pre(style.quote === '"' || shown);
        const written = writeCsv({ ...style, header: true }, namesOf(rows), rows);
        const { encoding } = written.source;
        const file = { ...written, source: encoding === undefined ? {} : { encoding } };
        try {
          await expectRoundTrip(folder, file, how, texts);
          loaded += 1;
        } catch (error) {
          if (!(error instanceof AcequiaError)) throw error;
          expect(error.type).toBe('DialectUnsure');
        }
      }),
      { numRuns: 60 },
    );
    // Doubt is for the few: two in sixty, as a rule.
    expect(loaded).toBeGreaterThan(40);
  });

  test.each(WRITTEN_ENCODINGS)('every character of Windows-1252, in %s', async (encoding) => {
    const rows = WINDOWS_CHARACTERS.map((character, index) => [String(index), `a${character}b`]);
    const style = { delimiter: ',', quote: '"', quoting: 'needed', lineEnd: '\n', lastLineEnd: true } as const;
    const file = writeCsv({ ...style, header: true, encoding }, namesOf(rows), rows);
    expect(file.rows).toEqual(rows);
    await expectRoundTrip(await temporaryFolder(), file, 'none', false);
  });
});
