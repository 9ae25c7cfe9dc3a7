import {
  CONTRACT_MODES,
  ENCODINGS,
  FORMATS,
  type CopyOptions,
  type CsvDialect,
} from '../../../workflows/definition/index.ts';
import { OPTIONS_OF } from '../../../workflows/definition/schema.ts';
import { usageError } from '../command-error.ts';
import { declaredColumns } from './declared-columns.ts';
import { parseDestination } from './destination.ts';
import { loadingOptions } from './loading-options.ts';
import { requireApart } from './bucket-destination.ts';
import { placesOnDisk } from './places-on-disk.ts';
import { mayBeSeveral, sourcePaths } from './sources.ts';
import type { TypedCopyOptions } from './typed.ts';
import { oneWord } from './words.ts';

const NESTINGS = ['tables', 'json'] as const;
const TABLE = /^[a-z_][a-z0-9_]{0,62}$/;

/** Names that people know encodings by. */
const ENCODING_ALIASES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  latin1: 'iso-8859-1',
  'latin-1': 'iso-8859-1',
  cp1252: 'windows-1252',
};

/**
 * What a copy is asked to do, from its words and flags. What can be known to be wrong before anything is started is found
 * here.
 *
 * @param from files, folders and globs as typed
 * @param folder what relative paths count from
 * @throws CommandError (exit 2)
 */
export function copyOptions(
  from: readonly string[],
  toWritten: string,
  typed: TypedCopyOptions,
  folder: string,
): CopyOptions {
  const { to, query } = parseDestination(toWritten, folder);
  const agreed = (name: 'table' | 'mode' | 'key'): string | undefined => oneOf(name, query[name], typed[name]);
  const table = agreed('table');
  const loading = loadingOptions({ mode: agreed('mode'), key: agreed('key') }, typed, to);
  const paths = sourcePaths(from, folder, placesOnDisk(to));
  requireApart(paths, to);
  if (table !== undefined && !TABLE.test(table)) {
    throw usageError(
      `"${table}" cannot be a table's name.`,
      'small letters, digits and _ are expected, not a digit first, at most 63',
    );
  }
  if (table !== undefined && paths.length > 1) {
    throw usageError(
      `One table from ${paths.length} separate paths is not possible.`,
      "name the files by one folder or one glob in quotes: 'inbox/orders_*.csv'",
    );
  }
  if (to.kind === 'parquet' && to.path.endsWith('.parquet') && table === undefined && mayBeSeveral(paths)) {
    throw usageError(
      `Several files become a table each, and ${toWritten} is one Parquet file.`,
      `make one table of them with --table <name>, or name a folder: ${toWritten.replace(/\.parquet$/, '')}/`,
    );
  }
  const format = oneWord('format', typed.format, FORMATS);
  const encoding = oneWord('encoding', encodingName(typed.encoding), ENCODINGS);
  const contract = oneWord('contract', typed.contract, CONTRACT_MODES);
  const nested = oneWord('nested', typed.nested, NESTINGS);
  const dialect = dialectOf(typed);
  const { records, sheet } = typed;
  const copy: CopyOptions = {
    from: paths,
    to,
    ...(table === undefined ? {} : { table }),
    ...loading,
    ...(contract ? { contract } : {}),
    declare: declaredColumns(typed.declare ?? []),
    ...(format ? { format } : {}),
    ...(encoding ? { encoding } : {}),
    ...(Object.keys(dialect).length > 0 ? { dialect } : {}),
    ...(records ? { records } : {}),
    ...(sheet ? { sheet } : {}),
    ...(nested ? { nested } : {}),
  };
  requireMeaning(copy);
  return copy;
}

/** A flag and the destination's own words may say the same, never two things. */
function oneOf(name: string, inQuery: string | undefined, inFlag: string | undefined): string | undefined {
  if (inQuery !== undefined && inFlag !== undefined && inQuery !== inFlag) {
    throw usageError(`The destination says ${name}=${inQuery}, and --${name} says ${inFlag}.`, 'say it once');
  }
  return inFlag ?? inQuery;
}

function encodingName(given: string | undefined): string | undefined {
  const name = given?.toLowerCase();
  return name === undefined ? undefined : (ENCODING_ALIASES[name] ?? name);
}

function dialectOf({ delimiter, quote, header, comment }: TypedCopyOptions): CsvDialect {
  const quoting = oneWord('quote', quote, ['"', "'", 'none'] as const);
  return {
    ...(delimiter === undefined ? {} : { delimiter: character('delimiter', delimiter) }),
    ...(quoting ? { quote: quoting } : {}),
    ...(header === undefined ? {} : { header }),
    ...(comment === undefined ? {} : { comment: character('comment', comment) }),
  };
}

function character(name: string, given: string): string {
  // A shell hands on \t as two characters.
  const meant = given === 'tab' || given === '\\t' ? '\t' : given;
  if (/^[\t -~]$/.test(meant)) return meant;
  throw usageError(
    `--${name} "${given}" is not one character.`,
    `one printable ASCII character is expected, or tab: --${name} ';'`,
  );
}

/** Flags that mean nothing for the format that was named. */
function requireMeaning(copy: CopyOptions): void {
  const { format } = copy;
  if (!format) return;
  for (const [option, formats] of Object.entries(OPTIONS_OF)) {
    if (!(option in copy) || formats.includes(format)) continue;
    const flags = option === 'dialect' ? '--delimiter, --quote, --header and --comment' : `--${option}`;
    throw usageError(`${flags} mean nothing for ${format} files.`, `leave them out, or name another --format`);
  }
}
