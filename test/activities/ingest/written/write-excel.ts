import writeXlsxFile from 'write-excel-file/node';
import { fitsXml } from './write-xml.ts';
import type { Rows, WrittenFile } from './written-file.ts';

/** Whether a workbook holds a text as write-excel-file writes it: it escapes nothing that XML takes for a line end, nor `_x`. */
export function fitsExcel(text: string): boolean {
  return fitsXml(text) && !/\r|_x[0-9A-Fa-f]{4}_/.test(text);
}

/**
 * Writes a table of texts as write-excel-file does. It has no empty texts: a cell without a text is none, and a row without
 * any cell is no record.
 */
export async function writeExcel(names: readonly string[], rows: Rows): Promise<WrittenFile> {
  const cells = rows.map((row) => row.map((cell) => (cell === '' ? null : cell)));
  const data = [names, ...cells].map((row) =>
    row.map((value) => (value === null ? null : { value, type: String })),
  );
  return {
    name: 'in.xlsx',
    bytes: await writeXlsxFile(data).toBuffer(),
    source: {},
    fields: names,
    rows: cells.filter((row) => row.some((cell) => cell !== null)),
  };
}
