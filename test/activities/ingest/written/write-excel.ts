import writeXlsxFile from 'write-excel-file/node';
import type { Rows, WrittenFile } from './written-file.ts';

/** Whether write-excel-file writes a text at all: it loses those that are names of what every JavaScript object has (`toString`). */
export function fitsExcel(text: string): boolean {
  return !(text in {});
}

/** What XML has no place for, or takes for another line end, as workbooks write it; and what would be read as such. */
function escaped(text: string): string {
  const awkward = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|_(?=x[0-9A-Fa-f]{4}_)/gu;
  return text.replace(awkward, (found) => `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/**
 * Writes a table of texts as write-excel-file does. It has no empty texts: a cell without a text is none, and a row without
 * any cell is no record.
 */
export async function writeExcel(names: readonly string[], rows: Rows): Promise<WrittenFile> {
  const cells = rows.map((row) => row.map((cell) => (cell === '' ? null : cell)));
  const data = [names, ...cells].map((row) =>
    row.map((value) => (value === null ? null : { value: escaped(value), type: String })),
  );
  return {
    name: 'in.xlsx',
    bytes: await writeXlsxFile(data).toBuffer(),
    source: {},
    fields: names,
    rows: cells.filter((row) => row.some((cell) => cell !== null)),
  };
}
