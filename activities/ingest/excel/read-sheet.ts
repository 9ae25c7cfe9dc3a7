import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from '../files/corrupt.ts';
import { parseRecordPath } from '../xml/record-path.ts';
import { RecordScanner } from '../xml/record-scanner.ts';
import { TagScanner } from '../xml/tag-scanner.ts';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { XmlParser } from '../xml/xml-parser.ts';
import type { CellContext } from './cell-text.ts';
import type { PackageFile } from './package-file.ts';
import { SheetParser, type SheetRow } from './sheet-parser.ts';
import type { Sheet } from './workbook.ts';

const ROWS = parseRecordPath('worksheet/sheetData/row');

export interface SheetReading {
  /** A row that holds something. `false`: no more is wanted. */
  readonly row: (row: SheetRow) => boolean;
  readonly merged?: () => void;
}

/**
 * Reads a sheet's rows with both readers of XML side by side: the parser makes rows of them, the scanner counts them and
 * what they are written with. Errors: `SourceCorrupt`, `ReadersDisagree`.
 */
export async function readSheet(
  file: PackageFile,
  sheet: Sheet,
  context: CellContext,
  { row: take, merged }: SheetReading,
): Promise<void> {
  const name = `${file.name}!${sheet.name}`;
  const scanned = new RecordScanner(ROWS);
  const scanner = new TagScanner(scanned);
  const state = { wanted: true, line: 0 };
  const disagree = (): never => {
    throw disagreement(name, state.line);
  };
  const rows = new SheetParser(context, {
    row: (row) => {
      state.line = row.line;
      if (scanned.take()?.fields !== row.fields) disagree();
      if (state.wanted && row.columns.length > 0) state.wanted = take(row);
    },
    merged: () => merged?.(),
    corrupt: (why) => {
      throw sourceCorrupt(name, 'The sheet contradicts itself.', why);
    },
  });
  const parser = new XmlParser(`${file.name}!${sheet.part}`, rows, XML_LIMITS);
  let base = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of file.read(sheet.part)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const taken = scanner.feed(bytes, base);
    base += taken;
    rest = bytes.subarray(taken);
    if (rest.length > XML_LIMITS.tagBytes) throw sourceCorrupt(name, 'The sheet makes no sense.', 'A tag has no end.');
    parser.write(bytes.subarray(0, taken));
    if (scanned.take()) disagree();
    if (!state.wanted) return;
  }
  parser.write(rest);
  parser.end();
}

function disagreement(name: string, line: number): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: 'The two readers of this sheet do not see the same rows.',
    where: `${name}:${line}`,
    remedy: 'nothing of this file is loaded; please report it with the rows around this one',
  });
}
