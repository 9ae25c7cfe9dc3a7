import type { FormatReader } from '../rows/format-reader.ts';
import { ExcelParser, type ExcelFormat } from './excel-parser.ts';

/** Workbooks. They cannot be cut; both readers of their XML run inside the parser. */
export const excelReader: FormatReader<ExcelFormat> = {
  createParser: (format, parsing) => new ExcelParser(format, parsing),
};
