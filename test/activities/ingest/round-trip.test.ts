import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { loadFile, type LoadedFile } from './load-file.ts';
import { anyText, namesOf, table } from './written/cells.ts';
import { pack, PACKINGS, type Packing } from './written/packed.ts';
import { csvStyle, writeCsv } from './written/write-csv.ts';
import { fitsExcel, writeExcel } from './written/write-excel.ts';
import { jsonStyle, writeJson } from './written/write-json.ts';
import { CODECS, writeParquet } from './written/write-parquet.ts';
import { fitsXml, writeXml, xmlStyle } from './written/write-xml.ts';
import { asTexts, expectTexts, expectValues, type WrittenFile } from './written/written-file.ts';

const packing = fc.constantFrom(...PACKINGS);
/** Nothing declared but what must be; or every column, as a text. */
const declared = fc.boolean();

async function load(folder: string, file: WrittenFile, packing: Packing, texts: boolean): Promise<LoadedFile> {
  const { name, bytes } = await pack(file.name, file.bytes, packing);
  return loadFile(folder, name, bytes, texts ? { ...file.source, columns: asTexts(file) } : file.source);
}

async function expectRoundTrip(folder: string, file: WrittenFile, how: Packing, texts: boolean): Promise<void> {
  const loaded = await load(folder, file, how, texts);
  if (texts) expectTexts(loaded, file);
  else expectValues(loaded, file);
}

describe('any table comes back, cell by cell, as a conforming program writes it:', () => {
  test('delimited text in a declared dialect', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(), csvStyle, packing, declared, async (rows, style, how, texts) =>
        expectRoundTrip(folder, writeCsv(style, namesOf(rows), rows), how, texts),
      ),
      { numRuns: 60 },
    );
  });

  test('delimited text of which nothing is declared, unless two readings are as good', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(), csvStyle, packing, declared, async (rows, style, how, texts) => {
        const written = writeCsv({ ...style, header: true }, namesOf(rows), rows);
        const { encoding } = written.source;
        const file = { ...written, source: encoding === undefined ? {} : { encoding } };
        try {
          await expectRoundTrip(folder, file, how, texts);
        } catch (error) {
          if (!(error instanceof AcequiaError)) throw error;
          expect(error.type).toBe('DialectUnsure');
        }
      }),
      { numRuns: 60 },
    );
  });

  test('JSON and JSON Lines', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(), jsonStyle, packing, declared, async (rows, style, how, texts) =>
        expectRoundTrip(folder, writeJson(style, namesOf(rows), rows), how, texts),
      ),
      { numRuns: 50 },
    );
  });

  test('XML', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(anyText.filter(fitsXml)), xmlStyle, packing, declared, async (rows, style, how, texts) =>
        expectRoundTrip(folder, writeXml(style, namesOf(rows), rows), how, texts),
      ),
      { numRuns: 50 },
    );
  });

  test('Excel', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table(anyText.filter(fitsExcel)), packing, declared, async (rows, how, texts) =>
        expectRoundTrip(folder, await writeExcel(namesOf(rows), rows), how, texts),
      ),
      { numRuns: 30 },
    );
  });

  test('Parquet', async () => {
    const folder = await temporaryFolder();
    const codec = fc.constantFrom(...CODECS);
    await fc.assert(
      fc.asyncProperty(table(), codec, packing, declared, async (rows, how, packed, texts) =>
        expectRoundTrip(folder, await writeParquet(folder, how, namesOf(rows), rows), packed, texts),
      ),
      { numRuns: 30 },
    );
  });
});
