import { AcequiaError } from '../../failure/acequia-error.ts';
import { closest } from '../../../workflows/definition/closest.ts';
import type { CellContext } from './cell-text.ts';
import type { PackageFile } from './package-file.ts';
import { readSheet } from './read-sheet.ts';
import type { Sheet } from './workbook.ts';

export interface ChosenSheet {
  readonly sheet: Sheet;
  /** Other sheets that hold something, and are not read. */
  readonly others: readonly string[];
}

const NO_CONTEXT: CellContext = { strings: [], styles: [], from1904: false };

/**
 * The sheet called `wanted`, or where that is empty the first that can be seen. Errors: `SourceMissing`: there is no such
 * sheet; `SourceRefused`: the first is empty and others are not.
 */
export async function chooseSheet(file: PackageFile, sheets: readonly Sheet[], wanted: string): Promise<ChosenSheet> {
  if (wanted !== '') return { sheet: called(file, sheets, wanted), others: [] };
  const sheet = sheets.find(({ hidden }) => !hidden) ?? sheets[0]!;
  const others: string[] = [];
  for (const other of sheets) if (other !== sheet && (await holdsValues(file, other))) others.push(other.name);
  if (others.length === 0 || (await holdsValues(file, sheet))) return { sheet, others };
  throw new AcequiaError('SourceRefused', {
    what: `The first sheet, "${sheet.name}", is empty, and others are not: ${others.map((name) => `"${name}"`).join(', ')}.`,
    where: file.name,
    remedy: `say which one to read: sheet: '${others[0] ?? ''}'`,
  });
}

function called(file: PackageFile, sheets: readonly Sheet[], wanted: string): Sheet {
  // Excel itself does not tell apart names that differ in case.
  const same = ({ name }: Sheet): boolean => name.toLowerCase() === wanted.toLowerCase();
  const sheet = sheets.find(({ name }) => name === wanted) ?? sheets.find(same);
  if (sheet) return sheet;
  const names = sheets.map(({ name }) => name);
  throw new AcequiaError('SourceMissing', {
    what: `The workbook has no sheet "${wanted}".${closest(wanted, names)}`,
    where: file.name,
    why: `Its sheets are: ${names.map((name) => `"${name}"`).join(', ')}.`,
    remedy: 'name one of them, or none for the first',
  });
}

/** Reads as far as the first cell with something in it, whatever it is. */
async function holdsValues(file: PackageFile, sheet: Sheet): Promise<boolean> {
  let found = false;
  await readSheet(file, sheet, NO_CONTEXT, {
    row: () => {
      found = true;
      return false;
    },
  });
  return found;
}
