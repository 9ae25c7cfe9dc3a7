import type { CellContext } from './cell-text.ts';
import { chooseSheet } from './choose-sheet.ts';
import { openPackage, type PackageFile } from './package-file.ts';
import { readSheet, type SheetReading } from './read-sheet.ts';
import { readSharedStrings } from './shared-strings.ts';
import { SheetHeader } from './sheet-header.ts';
import { readStyles } from './styles.ts';
import { readWorkbook, type Sheet } from './workbook.ts';

/** A sheet that can be read, as often as is needed. */
export interface OpenSheet {
  readonly name: string;
  /** Other sheets that hold something, and are not read. */
  readonly others: readonly string[];
  read(reading: SheetReading): Promise<void>;
}

/** Opens the sheet called `sheet` (empty: the first) of a workbook for `use`. Errors as those of the parts. */
export async function withSheet<Result>(
  path: string,
  name: string,
  sheet: string,
  use: (sheet: OpenSheet) => Promise<Result>,
): Promise<Result> {
  const file = await openPackage(path, name);
  try {
    const { sheets, from1904, stylesPart, stringsPart } = await readWorkbook(file);
    const chosen = await chooseSheet(file, sheets, sheet);
    const context = {
      strings: await readSharedStrings(file, stringsPart),
      styles: await readStyles(file, stylesPart),
      from1904,
    };
    return await use(openSheet(file, chosen.sheet, chosen.others, context));
  } finally {
    file.close();
  }
}

function openSheet(file: PackageFile, sheet: Sheet, others: readonly string[], context: CellContext): OpenSheet {
  return { name: sheet.name, others, read: (reading) => readSheet(file, sheet, context, reading) };
}

export interface SheetDescription {
  readonly sheet: string;
  readonly others: readonly string[];
  /** 1-based row of the header; 0 where there is none. */
  readonly line: number;
  /** As the header has them, `column_2` where it has none, `total (2)` for one that comes again. */
  readonly names: readonly string[];
}

/** Looks at a sheet's first rows: its header, and its columns so far. Small; the sheet itself is not read through. */
export async function describeSheet(
  path: string,
  name: string,
  options: { readonly sheet: string; readonly header: boolean },
): Promise<SheetDescription> {
  return withSheet(path, name, options.sheet, async (sheet) => {
    let header: SheetHeader | undefined;
    let line = 0;
    let rows = 0;
    await sheet.read({
      row: (row) => {
        if (!header) {
          header = new SheetHeader(options.header ? row : undefined);
          if (options.header) line = row.line;
        }
        if (row.line !== line && row.columns.length > 0) header.nameOf(row.columns.at(-1)!);
        return ++rows < LOOKED_AT;
      },
    });
    return { sheet: sheet.name, others: sheet.others, line, names: header?.names ?? [] };
  });
}

const LOOKED_AT = 1000;
