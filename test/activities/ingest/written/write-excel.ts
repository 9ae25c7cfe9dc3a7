import writeXlsxFile from 'write-excel-file/node';
import type { Rows, WrittenFile } from './written-file.ts';

/** Whether write-excel-file writes a text at all: it loses those that are names of what every JavaScript object has (`toString`). */
export function fitsExcel(text: string): boolean {
  return !(text in {});
}

/** What XML has no place for or discourages (write-excel-file leaves both out), and what would be read as an escape. */
const AWKWARD =
  /[^\t\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]|\p{Noncharacter_Code_Point}|_(?=x[0-9A-Fa-f]{4}_)/gu;

/** A text as workbooks write it: one escape for each UTF-16 unit of what is awkward. */
function escaped(text: string): string {
  return text.replace(AWKWARD, (found) =>
    Array.from({ length: found.length }, (_, at) => {
      const unit = found.charCodeAt(at).toString(16).toUpperCase();
      return `_x${unit.padStart(4, '0')}_`;
    }).join(''),
  );
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
