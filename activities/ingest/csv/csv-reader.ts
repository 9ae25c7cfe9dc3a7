import type { FormatReader } from '../rows/format-reader.ts';
import type { CsvFormat } from './csv-format.ts';
import { CsvParser } from './csv-parser.ts';
import { CsvSplitter } from './csv-splitter.ts';

/** Delimited text: comma, semicolon, tab, pipe and their like. */
export const csvReader: FormatReader<CsvFormat> = {
  createSplitter: (format, options) => new CsvSplitter(format, options),
  createParser: (format, parsing) => new CsvParser(format, parsing),
};
