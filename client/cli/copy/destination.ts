import { accessSync, constants } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { closest } from '../../../activities/failure/closest.ts';
import { DESTINATION_KINDS, type CopyOptions } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import { found } from '../found.ts';

type Target = CopyOptions['to'];

/** Where a copy goes, and what is said of it behind `?`. */
export interface Destination {
  readonly to: Target;
  /** Names among `QUERY`; nothing else. */
  readonly query: Readonly<Partial<Record<QueryName, string>>>;
}

const QUERY = ['table', 'mode', 'key'] as const;
export type QueryName = (typeof QUERY)[number];

const EXTENSIONS: Readonly<Record<string, Target['kind']>> = {
  '.duckdb': 'duckdb',
  '.ddb': 'duckdb',
  '.db': 'sqlite',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
  '.parquet': 'parquet',
};

const WAYS =
  'write duckdb:<file>, sqlite:<file> or parquet:<folder/>, or a path that tells: .duckdb, .ddb, .db, .sqlite, .sqlite3, .parquet, or a folder with / at its end';

/**
 * Reads `duckdb:out.duckdb?table=ventas`, `sqlite:///absolute.db`, or a path whose ending tells. A path is taken as it is
 * written, up to a `?`. The disk is asked what is there now; nothing is made.
 *
 * @param folder what relative paths count from
 * @throws CommandError (exit 2)
 */
export function parseDestination(written: string, folder: string): Destination {
  const at = written.indexOf('?');
  const address = at < 0 ? written : written.slice(0, at);
  const query = at < 0 ? {} : parseQuery(written.slice(at + 1), written);
  // One letter and a colon is a drive, not a scheme.
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]+):(.*)$/s.exec(address) ?? [];
  const to = scheme === undefined ? byEnding(address, folder) : byScheme(scheme, rest, folder);
  requireUsable(to, written);
  return { to, query };
}

function byScheme(scheme: string, rest: string, folder: string): Target {
  const kind = DESTINATION_KINDS.find((known) => known === scheme.toLowerCase());
  if (!kind) {
    throw usageError(
      `Nothing is copied to "${scheme}:".${closest(scheme, DESTINATION_KINDS)} There are: ${DESTINATION_KINDS.map((known) => `${known}:`).join(', ')}.`,
      WAYS,
    );
  }
  if (/^\/\/[^/]/.test(rest)) {
    throw usageError(
      `"${scheme}:${rest}" names a machine, "${/^\/\/([^/]*)/.exec(rest)?.[1] ?? ''}"; a file of this one is expected.`,
      `${kind}:${rest.slice(2)} counts from the folder you stand in, ${kind}:///${rest.slice(2)} from the root`,
    );
  }
  const path = rest.replace(/^\/\/(?=\/)/, '');
  if (path === '' || /^:memory:$/i.test(path)) {
    throw usageError(`"${scheme}:${rest}" names no file.`, `name one: ${kind}:out${endingOf(kind)}`);
  }
  return { kind, path: resolve(folder, path) };
}

function byEnding(path: string, folder: string): Target {
  const full = resolve(folder, path);
  if (path !== '' && (/[\\/]$/.test(path) || isFolder(full))) return { kind: 'parquet', path: full };
  const ending = extname(path).toLowerCase();
  const kind = EXTENSIONS[ending];
  if (kind) return { kind, path: full };
  const slip = ending === '' ? '' : closest(ending, Object.keys(EXTENSIONS));
  throw usageError(
    `What "${path}" is to become is not told by ${ending === '' ? 'its name, which has no ending' : `its ending "${ending}"`}.${slip}`,
    WAYS,
  );
}

/** What is there must be of the same kind, and its folder one in which something can be made. */
function requireUsable({ kind, path }: Target, written: string): void {
  const isFile = kind !== 'parquet' || path.endsWith('.parquet');
  if (isFile && isFolder(path)) {
    throw usageError(
      `"${written}" is a folder; a file is expected.`,
      `${kind}:${join(path, `out${endingOf(kind)}`)}, or name a file that is not there yet`,
    );
  }
  if (!isFile && found(path) && !isFolder(path)) {
    throw usageError(
      `"${written}" is a file; Parquet goes into a folder, or into one file that ends in .parquet.`,
      `parquet:${path}.parquet, or another folder`,
    );
  }
  let above = isFile ? dirname(path) : path;
  while (!found(above)) above = dirname(above);
  if (!isFolder(above)) {
    throw usageError(`No folder can be made for "${written}": ${above} is a file.`, 'name another place');
  }
  try {
    accessSync(above, constants.W_OK | constants.X_OK);
  } catch {
    throw usageError(`You may not write in ${above}, where "${written}" would be.`, 'name another place');
  }
}

function parseQuery(text: string, written: string): Destination['query'] {
  const query: Partial<Record<QueryName, string>> = {};
  for (const [given, value] of new URLSearchParams(text)) {
    const name = QUERY.find((known) => known === given);
    if (!name) {
      throw usageError(
        `"${given}" behind the ? of "${written}" means nothing.${closest(given, QUERY)}`,
        `use one of: ${QUERY.map((known) => `${known}=…`).join(', ')}; all else is a flag`,
      );
    }
    if (value === '') throw usageError(`"${name}" behind the ? of "${written}" is empty.`, `${name}=<value>`);
    if (query[name] !== undefined && query[name] !== value) {
      throw usageError(`"${written}" says ${name} twice: ${query[name]} and ${value}.`, 'say it once');
    }
    query[name] = value;
  }
  return query;
}

function endingOf(kind: Target['kind']): string {
  return Object.entries(EXTENSIONS).find(([, known]) => known === kind)?.[0] ?? '';
}

function isFolder(path: string): boolean {
  return found(path)?.isDirectory() ?? false;
}
