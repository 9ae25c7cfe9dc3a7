import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Work } from '../../progress.ts';
import { describeSheet } from '../excel/open-sheet.ts';
import type { OpenedFile } from '../files/open-file.ts';
import type { Description } from './description.ts';

/** Finds the sheet and its header. Other sheets that hold something are told, as nothing is read of them. */
export async function describeExcel(file: OpenedFile, source: SourcePlan, work: Work): Promise<Description> {
  work.report({ step: `looking at ${file.name}`, bytes: 0, totalBytes: file.bytes });
  const { header = true } = source.dialect;
  const {
    sheet,
    others,
    line,
    names: found,
  } = await describeSheet(file.path, file.name, {
    sheet: source.sheet ?? '',
    header,
  });
  // Without a header, a contract names the columns by their order.
  const names = header ? found : found.map((name, index) => source.columns[index]?.field ?? name);
  const left = source.sheet === undefined && others.length > 0;
  return {
    format: { kind: 'excel', sheet, header, names },
    header: { file: file.name, line, names },
    dialect: `sheet ${sheet}, ${header ? 'header' : 'no header'}`,
    confidence: 1,
    warnings: left ? [`other sheets are not read: ${others.slice(0, 5).join(', ')}`] : [],
  };
}
