import {
  CONTRACT_MODES,
  ENCODINGS,
  FORMATS,
  LOAD_MODES,
  MISSING_WAYS,
  parseColumnType,
  parseShare,
} from '../../../workflows/definition/index.ts';
import { choice, isPath, type Likely, type OptionDeclaration } from '../option-declaration.ts';

/** Flags of `copy`: where files go, and what is known of them before they are read. */
export function copyFlags(): Record<CopyFlag, OptionDeclaration> {
  return {
    table: value('table', 'name', 'one table for all files (default: one for each, named by its stem)', isName),
    mode: choice('mode', 'mode', LOAD_MODES, 'what becomes of the table that is there (default replace)'),
    missing: choice('missing', 'way', MISSING_WAYS, 'what becomes of rows that the files lack (delete-missing, scd2)'),
    'vanish-at-most': value(
      'vanish-at-most',
      'share',
      'nothing is loaded where more rows than this would vanish (default 10%)',
      (word) => (parseShare(word) === undefined ? 'no' : 'certain'),
    ),
    key: value('key', 'columns', 'columns that identify a row; merge, delete-missing and scd2 need them', areNames),
    'keep-latest-by': value(
      'keep-latest-by',
      'columns',
      'of rows with one key the one with the greatest values here is taken',
      areNames,
    ),
    'partition-by': value(
      'partition-by',
      'columns',
      'a folder for each value of these columns (Parquet folders, DuckLake)',
      areNames,
    ),
    contract: choice('contract', 'mode', CONTRACT_MODES, 'what happens to files that are not as declared'),
    declare: {
      name: 'declare',
      aliases: [],
      takes: 'values',
      placeholder: 'column=type',
      help: 'the type of a column, formats behind |: price=decimal(10,2)!|1.234,56',
      accepts: (word) => {
        const [, type = ''] = /=([^|]*)/.exec(word) ?? [];
        return parseColumnType(type) ? 'certain' : type === '' ? 'no' : 'possible';
      },
    },
    format: choice('format', 'format', FORMATS, 'what the files are (default: told by content and name)'),
    encoding: choice('encoding', 'name', ENCODINGS, 'of text files'),
    delimiter: value('delimiter', 'character', 'between the fields of delimited files; "tab" for a tab', (word) =>
      word === 'tab' || (/^[^\w./\\-]$/.test(word) && word.length === 1) ? 'certain' : 'no',
    ),
    quote: value('quote', 'character', `around fields: ", ' or none`, (word) =>
      ['"', "'", 'none'].includes(word) ? 'certain' : 'no',
    ),
    header: {
      name: 'header',
      aliases: [],
      takes: 'yes-or-no',
      help: 'the first record holds the names of the columns, or does not',
    },
    comment: value('comment', 'character', 'lines that begin with it are no records', (word) =>
      /^[^\w./\\-]$/.test(word) ? 'certain' : 'no',
    ),
    records: value('records', 'path', 'where the records are: data.items (JSON), orders/order (XML)', (word) =>
      /^\w+(?:[./]\w+)*$/.test(word) ? 'possible' : 'no',
    ),
    sheet: value('sheet', 'name', 'the sheet of a workbook (default: the first)', (word) =>
      isPath(word) ? 'no' : 'possible',
    ),
    nested: choice('nested', 'way', ['tables', 'json'], 'what becomes of lists inside records (default tables)'),
  };
}

export type CopyFlag =
  | 'table'
  | 'mode'
  | 'missing'
  | 'vanish-at-most'
  | 'key'
  | 'keep-latest-by'
  | 'partition-by'
  | 'contract'
  | 'declare'
  | 'format'
  | 'encoding'
  | 'delimiter'
  | 'quote'
  | 'header'
  | 'comment'
  | 'records'
  | 'sheet'
  | 'nested';

function value(name: string, placeholder: string, help: string, accepts: (word: string) => Likely): OptionDeclaration {
  return { name, aliases: [], takes: 'value', placeholder, help, accepts };
}

function isName(word: string): Likely {
  return /^[a-z_][a-z0-9_]*$/.test(word) ? 'possible' : 'no';
}

/** Names with commas between them. */
function areNames(word: string): Likely {
  return word.split(',').every((name) => isName(name) !== 'no') ? 'possible' : 'no';
}
