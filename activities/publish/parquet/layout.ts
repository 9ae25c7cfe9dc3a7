import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LoadMode, TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishRequest } from '../../../workflows/stages.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { otherKind, requireFile } from '../database/require-file.ts';
import { notOurs } from '../refusals.ts';

/** Where the files of a table are. */
export interface Layout {
  /** The folder that holds them, and the asides while they are written. */
  readonly folder: string;
  /** Name of a new file, without `.parquet`: the table's, or, where every load has files of its own, the load's. */
  readonly stem: string;
  /** Columns by whose values files lie in folders `column=value/`. */
  readonly partitionBy: readonly string[];
  /** Files that hold the table now. */
  readonly there: readonly string[];
  /** Whether every load has files of its own, beside those of earlier loads. */
  readonly perLoad: boolean;
}

/** A path that ends so is one file; any other is a folder. */
export function isOneFile(path: string): boolean {
  return path.toLowerCase().endsWith('.parquet');
}

/** Of a path that ends in `.parquet` the folder it is in, else the folder itself. */
export function folderOf(path: string): string {
  return isOneFile(path) ? dirname(path) : path;
}

/** One file holds one table, and has no folders below it. */
export function requireOneTable({ destination: { path, tables } }: PublishRequest): void {
  if (!isOneFile(path)) return;
  const [table, ...others] = tables;
  if (others.length > 0) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `A Parquet file holds one table, and ${tables.length} are to be published to it: ${tables.map(({ name }) => name).join(', ')}.`,
      where: path,
      remedy: 'publish to a folder: a path that does not end in .parquet',
    });
  }
  if (table?.partitionBy?.length) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `${table.name} is partitioned by ${table.partitionBy.join(', ')}, and one file has no folders below it.`,
      where: path,
      remedy: 'publish to a folder: a path that does not end in .parquet',
    });
  }
}

const FILE = { name: 'a Parquet file', magic: 'PAR1', offset: 0, emptyIsFree: false };

/**
 * Finds the files of a table and makes its folder. Below a folder, a table is `<table>.parquet`; where it is appended to,
 * `<table>/<load>.parquet`; where it is partitioned, `<table>/<column>=<value>/` and the file below that. A table is one of
 * these only.
 *
 * @param path of the destination on this machine's disk
 */
export async function layoutOf(
  path: string,
  request: PublishRequest,
  { name, mode = 'replace', partitionBy = [] }: TablePlan,
  loadId: string,
): Promise<Layout> {
  if (isOneFile(path)) return oneFile(path);
  await requireFolder(path);
  const [file, folder] = [join(path, `${name}.parquet`), join(path, name)];
  const perLoad = mode === 'append';
  const found = await parquetFiles(folder);
  const depth = partitionBy.length;
  const other = found.find((path) => !isOfLayout(path, folder, name, depth, perLoad));
  if (other) throw otherLayout(request, name, other, mode, partitionBy);
  if (!perLoad && depth === 0) return oneFile(file);
  if ((await kindOf(file)) !== undefined) throw otherLayout(request, name, file, mode, partitionBy);
  await requireFolder(folder);
  return { folder, stem: perLoad ? loadId : name, partitionBy, there: found, perLoad };
}

/** The files that hold a table at a path, whatever their layout. */
export async function filesOf(path: string, table: string): Promise<string[]> {
  const files = isOneFile(path) ? [path] : [join(path, `${table}.parquet`)];
  const found = await Promise.all(files.map(async (file) => ((await kindOf(file)) === 'file' ? [file] : [])));
  return [...found.flat(), ...(isOneFile(path) ? [] : await parquetFiles(join(path, table)))];
}

async function oneFile(file: string): Promise<Layout> {
  const found = await requireFile(file, FILE);
  const there = found === 'there' ? [file] : [];
  return { folder: dirname(file), stem: basename(file, '.parquet'), partitionBy: [], there, perLoad: false };
}

/** Files of the table's own name hold all loads, any other holds one; each lies as deep as the table has partitions. */
function isOfLayout(path: string, folder: string, table: string, depth: number, perLoad: boolean): boolean {
  const parts = path.slice(folder.length + 1).split(/[\\/]/);
  const isTables = new RegExp(`^${table}(_\\d+)?\\.parquet$`).test(parts.at(-1) ?? '');
  return parts.length === depth + 1 && isTables !== perLoad && (perLoad || depth > 0);
}

/** A reader of `**` + `/*.parquet` would find the rows of both. */
function otherLayout(
  request: PublishRequest,
  table: string,
  place: string,
  mode: LoadMode,
  partitionBy: readonly string[],
): AcequiaError {
  return notOurs(
    request,
    `${table} is to be ${wantedLayout(mode, partitionBy)}, and is there in another layout: ${place}.`,
    'A table is one file, which is replaced or changed by key; or a folder with a file for each load, which is appended to; or one of these below folders by partition.',
    'move it away, or publish to another folder',
  );
}

function wantedLayout(mode: LoadMode, partitionBy: readonly string[]): string {
  if (partitionBy.length > 0) return `in folders by ${partitionBy.join(', ')}`;
  return mode === 'append' ? 'a folder of files' : 'one file';
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

/** Of a folder and those below it; what is hidden is on its way, or in its way out. */
async function parquetFiles(folder: string): Promise<string[]> {
  if ((await kindOf(folder)) !== 'folder') return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return parquetFiles(path);
        return Promise.resolve(isOneFile(entry.name) ? [path] : []);
      }),
  );
  return found.flat().sort();
}
