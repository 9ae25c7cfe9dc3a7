import { csvReader } from '../csv/csv-reader.ts';
import { excelReader } from '../excel/excel-reader.ts';
import { jsonLinesReader, jsonReader } from '../json/json-reader.ts';
import { xmlReader } from '../xml/xml-reader.ts';
import type { FormatReader } from './format-reader.ts';
import type { FormatJob } from './reading.ts';

/** Every format that threads read: the one place that knows them all. */
const READERS: { readonly [Kind in FormatJob['kind']]?: FormatReader<Extract<FormatJob, { kind: Kind }>> } = {
  csv: csvReader,
  excel: excelReader,
  json: jsonReader,
  jsonl: jsonLinesReader,
  xml: xmlReader,
};

/** The readers of a format; to be called with that same format. */
export function readerOf(format: FormatJob): FormatReader<FormatJob> {
  const reader: FormatReader<FormatJob> | undefined = READERS[format.kind];
  if (reader === undefined) throw new Error(`There is no reader for ${format.kind}.`);
  return reader;
}
