import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { ABILITIES, type DestinationPlace } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import { found } from '../found.ts';
import { isBucket } from './bucket-destination.ts';
import { endingOf } from './destination-endings.ts';

/** What a destination takes of this machine's disk, as absolute paths. */
export function placesOnDisk({ kind, path, server }: DestinationPlace): string[] {
  if (ABILITIES[kind].remote || isBucket(path)) return [];
  return kind === 'ducklake' && !server ? [path, catalogueOf(path)] : [path];
}

/** The catalogue of a DuckLake that keeps it in a file of its own. */
export function catalogueOf(path: string): string {
  return `${path}.sqlite`;
}

/** What is there must be of the same kind, and its folder one in which something can be made. @throws CommandError (exit 2) */
export function requireUsable(to: DestinationPlace, written: string): void {
  if (ABILITIES[to.kind].remote || isBucket(to.path)) return;
  const { kind, path } = to;
  const isFile = kind !== 'ducklake' && (kind !== 'parquet' || path.endsWith('.parquet'));
  if (isFile && isFolder(path)) {
    throw usageError(
      `"${written}" is a folder; a file is expected.`,
      `${kind}:${join(path, `out${endingOf(kind)}`)}, or name a file that is not there yet`,
    );
  }
  if (!isFile && found(path) && !isFolder(path)) {
    throw usageError(
      `"${written}" is a file; ${kind === 'ducklake' ? 'a DuckLake keeps its data in a folder' : 'Parquet goes into a folder, or into one file that ends in .parquet'}.`,
      kind === 'ducklake'
        ? `ducklake:${path}.ducklake, or another folder`
        : `parquet:${path}.parquet, or another folder`,
    );
  }
  for (const catalogue of placesOnDisk(to).slice(1)) {
    if (isFolder(catalogue))
      throw usageError(`The catalogue of "${written}" would be ${catalogue}, which is a folder.`, 'name another place');
  }
  requireWritable(isFile || kind === 'ducklake' ? dirname(path) : path, written);
}

function requireWritable(folder: string, written: string): void {
  let above = folder;
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

export function isFolder(path: string): boolean {
  return found(path)?.isDirectory() ?? false;
}
