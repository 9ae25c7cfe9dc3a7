import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishRequest } from '../../../workflows/stages.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { otherKind, requireFile } from '../database/require-file.ts';
import type { Load } from '../staged-load.ts';
import { notOurs } from '../refusals.ts';

/** Where a load of a table goes. */
export interface Place {
  /** The file that is written. */
  readonly file: string;
  /** Files that hold the table now. */
  readonly there: readonly string[];
  /** Whether a load is a file of its own, beside those of earlier loads. */
  readonly many: boolean;
}

/** A path that ends so is one file; any other is a folder. */
export function isOneFile(path: string): boolean {
  return path.toLowerCase().endsWith('.parquet');
}

/** One file holds one table. */
export function requireOneTable({ destination: { path, tables } }: PublishRequest): void {
  if (!isOneFile(path) || tables.length <= 1) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `A Parquet file holds one table, and ${tables.length} are to be published to it: ${tables.map(({ name }) => name).join(', ')}.`,
    where: path,
    remedy: 'publish to a folder: a path that does not end in .parquet',
  });
}

const FILE = { name: 'a Parquet file', magic: 'PAR1', offset: 0, emptyIsFree: false };

/**
 * Finds the place of a load and makes its folder. In a folder, a table that is replaced or merged is one file
 * `<table>.parquet`, one that is appended to a folder `<table>/` with a file for each load; a table is never both.
 */
export async function placeOf(request: PublishRequest, { table, mode, loadId }: Load): Promise<Place> {
  const { path } = request.destination;
  if (isOneFile(path)) return oneFile(path);
  await requireFolder(path);
  const [file, folder] = [join(path, `${table.name}.parquet`), join(path, table.name)];
  const there = await parquetFiles(folder);
  if (mode !== 'append') {
    if (there.length > 0) throw otherLayout(request, table.name, folder, mode);
    return oneFile(file);
  }
  if ((await kindOf(file)) !== undefined) throw otherLayout(request, table.name, file, mode);
  await requireFolder(folder);
  return { file: join(folder, `${loadId}.parquet`), there, many: true };
}

async function oneFile(file: string): Promise<Place> {
  const found = await requireFile(file, FILE);
  return { file, there: found === 'there' ? [file] : [], many: false };
}

/** A reader of `**` + `/*.parquet` would find the rows of both. */
function otherLayout(request: PublishRequest, table: string, place: string, mode: LoadMode): AcequiaError {
  return notOurs(
    request,
    mode === 'append'
      ? `${table} is one file, ${place}, and appending would put further files beside it.`
      : `${table} is a folder of files, ${place}, and one file would stand beside it.`,
    'A table is one file, which is replaced or merged, or a folder, which is appended to.',
    'move it away, or publish to another folder',
  );
}

async function requireFolder(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === 'file') throw otherKind(path, 'a folder of Parquet files', 'a file');
  if (kind === undefined) await mkdir(path, { recursive: true });
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function parquetFiles(folder: string): Promise<string[]> {
  if ((await kindOf(folder)) !== 'folder') return [];
  const names = await readdir(folder);
  return names
    .filter((name) => isOneFile(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
