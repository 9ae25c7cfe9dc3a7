import { extname, resolve } from 'node:path';
import { closest } from '../../../workflows/definition/closest.ts';
import { ABILITIES, DESTINATION_KINDS, type DestinationPlace } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import { isBigQuery, parseBigQuery } from './bigquery-destination.ts';
import { bucketWord, isBucket, parseBucket } from './bucket-destination.ts';
import { endingOf, KIND_OF } from './destination-endings.ts';
import { parseQuery, type DestinationQuery } from './destination-query.ts';
import { isFolder, requireUsable } from './places-on-disk.ts';
import { isPostgres, parsePostgres, refusePassword, requireSetting } from './postgres-destination.ts';

/** Where a copy goes, and what is said of it behind `?`. */
export interface Destination {
  readonly to: DestinationPlace;
  readonly query: DestinationQuery;
}

const WAYS =
  'write duckdb:<file>, sqlite:<file>, parquet:<folder/>, ducklake:<folder>, postgres:<SETTING> or bigquery://<project>/<dataset>, s3://bucket/folder/ or gs://bucket/folder/ for Parquet, or a path that tells: .duckdb, .ddb, .db, .sqlite, .sqlite3, .parquet, .ducklake, or a folder with / at its end';

/**
 * Reads `duckdb:out.duckdb?table=ventas`, `s3://bucket/folder/`, `sqlite:///absolute.db`, `postgres:WAREHOUSE_URL/raw`, or a path whose ending
 * tells. A path is taken as it is written, up to a `?`. The disk is asked what is there now; nothing is made, and no setting
 * is looked up.
 *
 * @param folder what relative paths count from
 * @throws CommandError (exit 2)
 */
export function parseDestination(written: string, folder: string): Destination {
  refusePassword(written);
  const at = written.indexOf('?');
  const address = at < 0 ? written : written.slice(0, at);
  const behind = at < 0 ? '' : written.slice(at + 1);
  if (isPostgres(address)) {
    const { schema, ...query } = parseQuery(behind, written, 'postgres');
    return { to: parsePostgres(address, schema), query };
  }
  if (isBigQuery(address)) return { to: parseBigQuery(address), query: parseQuery(behind, written, 'bigquery') };
  if (isBucket(address)) return { to: parseBucket(address), query: parseQuery(behind, written, 'parquet') };
  // One letter and a colon is a drive, not a scheme.
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]+):(.*)$/s.exec(address) ?? [];
  const place = scheme === undefined ? byEnding(address, folder) : byScheme(scheme, rest, folder);
  const { catalog, ...query } = parseQuery(behind, written, place.kind);
  const to = catalog === undefined ? place : { ...place, server: { setting: requireSetting(catalog, written) } };
  requireUsable(to, written);
  return { to, query };
}

/** A destination as `parseDestination` reads it, wherever one stands. */
export function destinationWord({ kind, path, server }: DestinationPlace): string {
  if (ABILITIES[kind].remote) return path;
  if (isBucket(path)) return bucketWord(path);
  return `${kind}:${path}${server?.setting === undefined ? '' : `?catalog=${server.setting}`}`;
}

function byScheme(scheme: string, rest: string, folder: string): DestinationPlace {
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

function byEnding(path: string, folder: string): DestinationPlace {
  const full = resolve(folder, path);
  const ending = extname(path).toLowerCase();
  // The data of a DuckLake lies in a folder, which is there the second time.
  if (extname(full).toLowerCase() === '.ducklake') return { kind: 'ducklake', path: full };
  if (path !== '' && (/[\\/]$/.test(path) || isFolder(full))) return { kind: 'parquet', path: full };
  const kind = KIND_OF[ending];
  if (kind) return { kind, path: full };
  const slip = ending === '' ? '' : closest(ending, Object.keys(KIND_OF));
  throw usageError(
    `What "${path}" is to become is not told by ${ending === '' ? 'its name, which has no ending' : `its ending "${ending}"`}.${slip}`,
    WAYS,
  );
}
