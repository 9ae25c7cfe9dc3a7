import fc from 'fast-check';
import { describe, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { anyText, namesOf, table } from './written/cells.ts';
import { declared, expectRoundTrip, packing } from './written/expect-round-trip.ts';
import { fitsExcel, writeExcel } from './written/write-excel.ts';
import { jsonStyle, writeJson } from './written/write-json.ts';
import { CODECS, writeParquet } from './written/write-parquet.ts';
import { fitsXml, writeXml, xmlStyle } from './written/write-xml.ts';

describe('any table comes back, cell by cell, as a conforming program writes it:', () => {
  test('JSON and JSON Lines', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(), jsonStyle, packing, declared, async (rows, style, how, texts) =>
        expectRoundTrip(folder, writeJson(style, namesOf(rows), rows), how, texts),
      ),
      { numRuns: 40 },
    );
  });

  test('XML', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(anyText.filter(fitsXml)), xmlStyle, packing, declared, async (rows, style, how, texts) =>
        expectRoundTrip(folder, writeXml(style, namesOf(rows), rows), how, texts),
      ),
      { numRuns: 40 },
    );
  });

  test('Excel', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(anyText.filter(fitsExcel)), packing, declared, async (rows, how, texts) =>
        expectRoundTrip(folder, await writeExcel(namesOf(rows), rows), how, texts),
      ),
      { numRuns: 20, examples: [[[['\u{10fffe}\u0001', '0']], 'none', false]] },
    );
  });

  test('Parquet', async () => {
    const folder = await temporaryFolder();
    const codec = fc.constantFrom(...CODECS);
    await fc.assert(
      fc.asyncProperty(table(), codec, packing, declared, async (rows, how, packed, texts) =>
        expectRoundTrip(folder, await writeParquet(folder, how, namesOf(rows), rows), packed, texts),
      ),
      { numRuns: 20 },
    );
  });
});
