import { posix } from 'node:path';
import { sourceCorrupt } from '../files/corrupt.ts';
import type { PackageFile } from './package-file.ts';
import { elementsOf } from './read-part.ts';

/** What a workbook consists of. */
export interface Workbook {
  /** Worksheets in their order, hidden ones too; charts are none. */
  readonly sheets: readonly Sheet[];
  /** Days count from 1904 instead of 1900. */
  readonly from1904: boolean;
  readonly stylesPart: string | undefined;
  readonly stringsPart: string | undefined;
}

export interface Sheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

interface Relation {
  readonly id: string;
  /** The last word of its type: `worksheet`, `styles`, `sharedStrings`. */
  readonly kind: string;
  readonly part: string;
}

/** Reads what the workbook says of its parts. Errors: `SourceCorrupt`. */
export async function readWorkbook(file: PackageFile): Promise<Workbook> {
  const main = (await relationsOf(file, '')).find(({ kind }) => kind === 'officeDocument')?.part;
  if (main === undefined) throw sourceCorrupt(file.name, 'The workbook is not complete.', 'It names no main part.');
  const relations = await relationsOf(file, main);
  const sheets: Sheet[] = [];
  let from1904 = false;
  await elementsOf(file, main, ({ name, attribute }) => {
    if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
    if (name !== 'sheet') return;
    const relation = relations.find(({ id }) => id === attribute('r:id'));
    if (relation?.kind !== 'worksheet') return;
    sheets.push({
      name: attribute('name') ?? '',
      part: relation.part,
      hidden: (attribute('state') ?? 'visible') !== 'visible',
    });
  });
  if (sheets.length === 0) throw sourceCorrupt(file.name, 'The workbook is not complete.', 'It has no worksheet.');
  const partOf = (wanted: string): string | undefined => relations.find(({ kind }) => kind === wanted)?.part;
  return { sheets, from1904, stylesPart: partOf('styles'), stringsPart: partOf('sharedStrings') };
}

async function relationsOf(file: PackageFile, of: string): Promise<Relation[]> {
  const { dir, base } = posix.parse(of);
  const part = posix.join(dir, '_rels', `${base}.rels`);
  const relations: Relation[] = [];
  await elementsOf(file, part, ({ name, attribute }) => {
    if (name !== 'Relationship' || attribute('TargetMode') === 'External') return;
    const target = attribute('Target') ?? '';
    relations.push({
      id: attribute('Id') ?? '',
      kind: (attribute('Type') ?? '').split('/').at(-1) ?? '',
      part: target.startsWith('/') ? target.slice(1) : posix.join(dir, target),
    });
  });
  return relations;
}
