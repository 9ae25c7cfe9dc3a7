import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

export interface Sheet {
  readonly name: string;
  /** Inside of `<sheetData>`. */
  readonly rows: string;
  readonly after?: string;
  readonly state?: string;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** Inside of `<sst>`. */
  readonly strings?: string;
  /** Format codes; the cells' styles count from 1. */
  readonly formats?: readonly string[];
  readonly date1904?: boolean;
  /** Parts in place of what they would be. */
  readonly parts?: Readonly<Record<string, string>>;
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

/** Writes a workbook by hand, and returns its path. */
export async function makeWorkbook({ sheets, strings, formats = [], date1904, parts = {} }: Workbook): Promise<string> {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"/>`;
  const all: Record<string, string> = {
    '_rels/.rels': `<Relationships ${RELATIONS}>${relation('a', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook ${MAIN} xmlns:r="${TYPES}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="s${i}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships ${RELATIONS}>${sheets
      .map((_, i) =>
        relation(`s${i}`, 'worksheet', i % 2 === 0 ? `worksheets/sheet${i}.xml` : `/xl/worksheets/sheet${i}.xml`),
      )
      .join(
        '',
      )}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('u', 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${MAIN}><numFmts>${formats
      .map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((_, i) => `<xf numFmtId="${200 + i}"/>`)
      .join('')}<xf numFmtId="14"/></cellXfs></styleSheet>`,
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst ${MAIN}>${strings}</sst>` }),
    ...Object.fromEntries(
      sheets.map(({ rows, after = '' }, i) => [
        `xl/worksheets/sheet${i}.xml`,
        `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet ${MAIN}><dimension ref="A1"/><sheetData>${rows}</sheetData>${after}</worksheet>`,
      ]),
    ),
    ...parts,
  };
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(all)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const path = join(await temporaryFolder(), 'in.xlsx');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** Rows of texts and numbers. */
export function rowsOf(...rows: readonly (readonly (string | number | null)[])[]): string {
  return rows
    .map((cells, row) => {
      const written = cells.map((value, column) => {
        const place = `r="${String.fromCharCode(65 + column)}${row + 1}"`;
        if (value === null) return '';
        return typeof value === 'number'
          ? `<c ${place}><v>${value}</v></c>`
          : `<c ${place} t="inlineStr"><is><t>${value}</t></is></c>`;
      });
      return `<row r="${row + 1}">${written.join('')}</row>`;
    })
    .join('');
}
