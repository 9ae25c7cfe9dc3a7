import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Work } from '../../progress.ts';
import type { FileFormat } from '../../files/file-format.ts';
import type { OpenedFile } from '../files/open-file.ts';
import { describeCsv } from './describe-csv.ts';
import { describeExcel } from './describe-excel.ts';
import { describeParquetFile } from './describe-parquet-file.ts';
import { describeXml } from './describe-xml.ts';
import type { Describe, Description } from './description.ts';

const CERTAIN = { dialect: '', confidence: 1, warnings: [] };

/** How to find out about each format. */
const DESCRIBE: Readonly<Record<FileFormat, Describe>> = {
  csv: describeCsv,
  json: (_, { records = '' }) => Promise.resolve({ ...CERTAIN, format: { kind: 'json', records } }),
  jsonl: () => Promise.resolve({ ...CERTAIN, format: { kind: 'jsonl' } }),
  xml: describeXml,
  excel: describeExcel,
  parquet: describeParquetFile,
};

export function describeFile(file: OpenedFile, source: SourcePlan, work: Work): Promise<Description> {
  return DESCRIBE[file.format](file, source, work);
}
