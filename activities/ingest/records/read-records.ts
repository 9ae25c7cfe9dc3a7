import { AcequiaError } from '../../failure/acequia-error.ts';
import type { FileFormat } from '../../files/file-format.ts';
import { csvRecords } from './csv-records.ts';
import { jsonLinesRecords, jsonRecords } from './json-records.ts';
import { parquetRecords } from './parquet-records.ts';
import type { ReadRecords } from './text-record.ts';
import { xmlRecords } from './xml-records.ts';

/** Formats whose files hold records of any shape. */
const READERS: Readonly<Partial<Record<FileFormat, ReadRecords>>> = {
  csv: csvRecords,
  json: jsonRecords,
  jsonl: jsonLinesRecords,
  parquet: parquetRecords,
  xml: xmlRecords,
};

/**
 * The records of an opened file as JSON texts, as raw as can be. A record that cannot be read is given with the reason.
 * Errors, at any place of the file: `SourceCorrupt`, `SourceRefused`, `SourceWrongType`, `DialectUnsure`, `ReadersDisagree`.
 */
export const readRecords: ReadRecords = (file, reading) => {
  const read = READERS[file.format];
  if (read) return read(file, reading);
  throw new AcequiaError('SourceWrongType', {
    what: 'Records are taken from JSON, JSON Lines, CSV, Parquet and XML; this is an Excel workbook.',
    where: file.name,
    remedy: 'save it as CSV, or read it with a pipeline that has it as a source',
  });
};
