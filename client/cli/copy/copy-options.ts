import { closest } from '../../../activities/failure/closest.ts';
import {
  CONTRACT_MODES,
  ENCODINGS,
  FORMATS,
  LOAD_MODES,
  type CopyOptions,
  type CsvDialect,
} from '../../../workflows/definition/index.ts';
import { OPTIONS_OF } from '../../../workflows/definition/schema.ts';
import { usageError } from '../command-error.ts';
import { declaredColumns } from './declared-columns.ts';
import { parseDestination, type QueryName } from './destination.ts';
import { mayBeSeveral, sourcePaths } from './sources.ts';
import type { TypedCopyOptions } from './typed.ts';

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
  const agreed = (name: QueryName): string | undefined => oneOf(name, query[name], typed[name]);
  const table = agreed('table');
  const mode = word('mode', agreed('mode'), LOAD_MODES) ?? 'replace';
  const key = keyOf(agreed('key'));
  const paths = sourcePaths(from, folder, to.path);
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
  if (mode === 'merge' && key.length === 0) {
    throw usageError(
      'merge needs to know what identifies a row.',
      'add --key <columns>, with commas between several (behind " -- ": npm keeps --key for itself)',
    );
  }
  if (to.kind === 'parquet' && to.path.endsWith('.parquet') && table === undefined && mayBeSeveral(paths)) {
    throw usageError(
      `Several files become a table each, and ${toWritten} is one Parquet file.`,
      `make one table of them with --table <name>, or name a folder: ${toWritten.replace(/\.parquet$/, '')}/`,
    );
  }
  const format = word('format', typed.format, FORMATS);
  const encoding = word('encoding', encodingName(typed.encoding), ENCODINGS);
  const contract = word('contract', typed.contract, CONTRACT_MODES);
  const nested = word('nested', typed.nested, NESTINGS);
  const dialect = dialectOf(typed);
  const { records, sheet } = typed;
  const copy: CopyOptions = {
    from: paths,
    to,
    ...(table === undefined ? {} : { table }),
    mode,
    key,
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

function word<Word extends string>(name: string, given: string | undefined, words: readonly Word[]): Word | undefined {
  if (given === undefined) return undefined;
  const known = words.find((candidate) => candidate === given);
  if (known) return known;
  throw usageError(`--${name} "${given}" is unknown.${closest(given, words)}`, `use one of: ${words.join(', ')}`);
}

function encodingName(given: string | undefined): string | undefined {
  const name = given?.toLowerCase();
  return name === undefined ? undefined : (ENCODING_ALIASES[name] ?? name);
}

function keyOf(given: string | undefined): string[] {
  const columns = (given ?? '').split(',').map((column) => column.trim());
  if (given !== undefined && columns.some((column) => column === '')) {
    throw usageError(`--key "${given}" has an empty name in it.`, '--key order_id, or --key country,day');
  }
  return given === undefined ? [] : [...new Set(columns)];
}

function dialectOf({ delimiter, quote, header, comment }: TypedCopyOptions): CsvDialect {
  const quoting = word('quote', quote, ['"', "'", 'none'] as const);
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
