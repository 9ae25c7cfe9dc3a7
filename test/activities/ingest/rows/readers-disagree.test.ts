import { open } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { CsvParser } from '../../../../activities/ingest/csv/csv-parser.ts';
import { CsvSplitter } from '../../../../activities/ingest/csv/csv-splitter.ts';
import type { Counted, FormatReader } from '../../../../activities/ingest/rows/format-reader.ts';
import type { FormatJob, RowsJob, Splitter, Window } from '../../../../activities/ingest/rows/reading.ts';
import { splitFile } from '../../../../activities/ingest/rows/split-file.ts';
import { asError, asFailure } from '../../../../activities/ingest/threads/thread-failure.ts';
import { WindowReader } from '../../../../activities/ingest/rows/window-reader.ts';
import { csv } from '../csv/read-csv.ts';
import { jobOn, layoutOf } from './reading-job.ts';
import { column } from './row-file.ts';

const FORMAT = csv(['a', 'b']);
const text = { kind: 'text' } as const;
const jobOver = (bytes: string): Promise<RowsJob> =>
  jobOn(bytes, FORMAT, layoutOf([column('a', text), column('b', text)]));

/** A parser that counts something else in windows of which `wrong` says so. */
class Faulty extends CsvParser {
  fault: (window: Window, counted: Counted) => Counted = (_, counted) => counted;

  override parse(...given: Parameters<CsvParser['parse']>): Counted {
    return this.fault(given[0], super.parse(...given));
  }
}

function readers(fault: Faulty['fault'], createSplitter?: () => Splitter): FormatReader<FormatJob> {
  return {
    createSplitter: (_, options) => createSplitter?.() ?? new CsvSplitter(FORMAT, options),
    createParser: (_, parsing) => Object.assign(new Faulty(FORMAT, parsing), { fault }),
  };
}

/** Reads all windows, in this thread; of about `windowBytes` each. */
async function readWith(job: RowsJob, reader: FormatReader<FormatJob>, windowBytes: number): Promise<number> {
  const file = await open(job.path);
  try {
    const { size } = await file.stat();
    const windows: Window[] = [];
    const splitter = new CsvSplitter(FORMAT, { windowBytes });
    splitFile(file.fd, splitter, { start: 0, end: size, last: true }, (window) => windows.push(window));
    const windowReader = new WindowReader(job, reader, file.fd);
    let records = 0;
    for (const window of windows) records += (await windowReader.read(window)).records;
    return records;
  } finally {
    await file.close();
  }
}

describe('two readers', () => {
  const lines = Array.from({ length: 500 }, (_, index) => (index === 321 ? '"x\ny",1' : `${index},v`));
  const bytes = ['a,b', ...lines].join('\n');

  test.each([100, 1000, 1_000_000])('that agree read everything, in windows of %i bytes', async (windowBytes) => {
    expect(
      await readWith(
        await jobOver(bytes),
        readers((_, counted) => counted),
        windowBytes,
      ),
    ).toBe(500);
  });

  test.each([100, 1000, 1_000_000])('that differ stop the file, and the line is found: windows of %i', async (size) => {
    // It takes the record on line 402 for two.
    const fault: Faulty['fault'] = (window, { records, fields }) =>
      window.line <= 402 && window.line + window.records > 402 ? { records: records + 1, fields } : { records, fields };
    const failed = readWith(await jobOver(bytes), readers(fault), size);
    await expect(failed).rejects.toMatchObject({ type: 'ReadersDisagree', where: 'orders.csv:402' });
    await expect(failed).rejects.toThrow('1 record of 2 fields there, the other 2 records of 2 fields');
  });

  test('that differ in fields only stop it too', async () => {
    const fault: Faulty['fault'] = (window, counted) =>
      window.start <= 8 && window.end > 8 ? { ...counted, fields: counted.fields + 1 } : counted;
    const failed = readWith(await jobOver('a,b\n1,2\n3,4\n'), readers(fault), 1);
    await expect(failed).rejects.toMatchObject({ where: 'orders.csv:3' });
  });

  test('of which the parser loses a record are not accounted for', async () => {
    const job = await jobOver(bytes);
    const lossy: FormatReader<FormatJob> = {
      ...readers((_, counted) => counted),
      createParser: (_, parsing) => {
        const parser = new CsvParser(FORMAT, parsing);
        const good = parser.good.bind(parser);
        parser.quick = () => 0;
        parser.good = (record) => (record.line === 17 ? undefined : good(record));
        return parser;
      },
    };
    await expect(readWith(job, lossy, 1000)).rejects.toMatchObject({ type: 'NotAccounted' });
  });
});

test('an error comes out of a thread as it went in', () => {
  const error = new AcequiaError('ReadersDisagree', { what: 'What.', where: 'a.csv:1', why: 'Why.', remedy: 'do' });
  const sent = asError(structuredClone(asFailure(error)));
  expect(sent).toBeInstanceOf(AcequiaError);
  expect(sent).toMatchObject({ type: 'ReadersDisagree', where: 'a.csv:1', message: error.message, remedy: 'do' });
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  expect(asError(structuredClone(asFailure(full)))).toMatchObject({ code: 'ENOSPC', message: full.message });
});
